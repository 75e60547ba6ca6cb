/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command failed, with a message for people: exit code 1. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
