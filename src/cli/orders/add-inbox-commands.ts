import type { Command } from 'commander';
import type { Run } from './common-options.ts';
import {
  runInboxListCommand,
  runInboxRetryCommand,
  runInboxSkipCommand,
  type DeadLetterOptions,
  type InboxOptions,
} from './inbox-events.ts';

/** Adds the commands for events of other services. */
export function addInboxCommands(program: Command, run: Run): void {
  const inbox = program.command('inbox').description('events of other services, and what became of them');
  inbox
    .command('list')
    .description('events that wait for a decision, or others by their state')
    .option('--state <state>', 'RECEIVED, WAITING, APPLIED, IGNORED, DEAD or ALL; DEAD unless given')
    .option('--source <source>', 'only those of this sender')
    .option('--type <type>', 'only these, such as payment.refunded')
    .option('--order <id>', 'only those of this order')
    .option('--limit <n>', 'how many, at most 200')
    .action((options: InboxOptions) => run((cli) => runInboxListCommand(cli, options)));
  const decisions = [
    ['retry', 'apply dead letters as if they had just come', runInboxRetryCommand],
    ['skip', 'drop dead letters; they stay on record', runInboxSkipCommand],
  ] as const;
  for (const [name, description, decide] of decisions) {
    inbox
      .command(name)
      .description(description)
      .argument('[id]', 'the id of an event')
      .option('--source <source>', 'only those of this sender')
      .option('--type <type>', 'only these, such as payment.refunded')
      .option('--order <id>', 'only those of this order')
      .option('--reason <text>', 'why, for the records')
      .action((id: string | undefined, options: DeadLetterOptions) => run((cli) => decide(cli, id, options)));
  }
}
