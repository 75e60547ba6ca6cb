import { Command, InvalidArgumentError } from 'commander';
import { type BenchSettings, runBench } from './bench.ts';
import { connect } from './connect.ts';
import { jsonLine, table } from './report.ts';

const program = new Command('bench')
  .description(
    'Places orders in the running system and, in turn with them, runs of the same workflow without any work.',
  )
  .option('--orders <n>', 'orders of each round at full load', positiveInteger, 500)
  .option('--concurrency <n>', 'orders in flight at full load', positiveInteger, 32)
  .option('--rounds <n>', 'how often real orders and their twins take turns', positiveInteger, 2)
  .option('--json', 'end with one line of JSON on standard output; all else goes to standard error', false)
  .addHelpText(
    'after',
    `
The twin is the workflow CreateOrder with the same start options on the same Temporal, with activities that return at once:
what it reaches is what the engine allows on this machine. Its workflows are deleted at the end; the orders stay.
Everything shares the machine, this load generator too: compare ratios and costs per order rather than rates.
Exit code: 0 it ran, whether or not targets are met, 1 it could not run.
Settings: API_URL, SANDBOX_URL, TEMPORAL_ADDRESS, JWT_SECRET reach another system than the one of \`npm start\`.`,
  );

/** Runs the command line; throws when the system can't be reached or refuses what the bench needs. */
async function run(): Promise<void> {
  const { json, ...load } = program.parse().opts<Omit<BenchSettings, 'signal'> & { json: boolean }>();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort(new Error('Interrupted; taking away what was started.'));
    });
  }
  await using system = await connect();
  const report = await runBench(system, { ...load, signal: interrupted.signal });
  if (json) {
    console.error(table(report));
    console.log(jsonLine(report));
  } else {
    console.log(table(report));
  }
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
