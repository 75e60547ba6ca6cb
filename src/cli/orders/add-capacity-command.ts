import { InvalidArgumentError, type Command } from 'commander';
import type { RunAlone } from './common-options.ts';
import { type CapacityOptions, runCapacityCommand } from './show-capacity.ts';

/** Adds what plans an installation. */
export function addCapacityCommand(program: Command, runAlone: RunAlone): void {
  program
    .command('capacity')
    .description('what so many orders a second need: processes, Temporal, databases')
    .requiredOption('--orders-per-second <n>', 'the peak that it has to bear', parsePositive)
    .option('--costs <file>', 'JSON with costs to use instead of the measured ones, by the names that --json prints')
    .option('--sale-peak <n>', "also a sale's first minute, which begins with so many orders a second", parsePositive)
    .option('--sale-decay <seconds>', 'after which a third of them still come', parsePositive, 20)
    .addHelpText('after', '\nIt asks nothing of a running system. docs/capacity.md explains how it calculates.')
    .action((options: CapacityOptions) => runAlone((output) => runCapacityCommand(output, options)));
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}(\.\d+)?$/.test(text) || value <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}
