/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The exit codes of commands that failed: 1, unless the command's help names another one. */
export const exitCodes = { failed: 1, statusPassed: 3, statusNeverReached: 4 } as const;

type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command failed, with a message for people. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}
