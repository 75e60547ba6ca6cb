import { InvalidArgumentError, type Command } from 'commander';
import type { RunAlone } from './common-options.ts';
import type { ReplayOptions } from './replay-histories.ts';

/** Adds what is done before a release. */
export function addReleaseCommands(program: Command, runAlone: RunAlone): void {
  program
    .command('replay-histories')
    .description('replay the histories of workflows in Temporal with the code at hand, which changes nothing for them')
    .option('--query <query>', 'which, as the Web UI takes it; every running one of the task queue unless given')
    .option('--limit <n>', 'at most so many, the newest first', parseCount, 1_000)
    .option(
      '--bundle <file>',
      'the code, as npm run build wrote it; by default WORKFLOW_BUNDLE, else that of this folder',
    )
    .addHelpText(
      'after',
      '\nRun it before a release, with the TEMPORAL_* variables and PAYLOAD_KEYS of the workers. Exit code 1 when a workflow would not go on, or when none was found.',
    )
    .action((options: ReplayOptions) =>
      runAlone(async (output) => {
        // The worker's library is large, and no other command needs it.
        const { runReplayCommand } = await import('./replay-histories.ts');
        await runReplayCommand(output, options);
      }),
    );
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}
