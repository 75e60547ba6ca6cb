import { connect, type Cli, type GlobalOptions } from './connect.ts';
import { describeError } from './describe-error.ts';
import { createOutput, type Output } from './output.ts';
import { createProgram } from './program.ts';

// The reader of the output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const program = createProgram(run, runAlone);
await program.parseAsync();

/** Runs a command with a connected client; on failure, prints a message and sets the exit code. */
async function run(command: (cli: Cli) => Promise<void>, { needsToken } = { needsToken: true }): Promise<void> {
  const options = program.opts<GlobalOptions>();
  let baseUrl: string | undefined;
  try {
    const cli = await connect(options, needsToken);
    baseUrl = cli.baseUrl;
    await command(cli);
  } catch (error) {
    tellFailure(error, options, baseUrl);
  }
}

/** Runs a command that needs no API. */
async function runAlone(command: (output: Output) => Promise<void>): Promise<void> {
  const options = program.opts<GlobalOptions>();
  try {
    await command(createOutput(options.json === true));
  } catch (error) {
    tellFailure(error, options);
  }
}

function tellFailure(error: unknown, options: GlobalOptions, baseUrl?: string): void {
  const { text, json, exitCode } = describeError(error, baseUrl);
  process.stderr.write(`${options.json === true ? JSON.stringify(json) : text}\n`);
  process.exitCode = exitCode;
}
