/** What the caller got wrong on the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What could not be done, in words for people: exit code 1. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
