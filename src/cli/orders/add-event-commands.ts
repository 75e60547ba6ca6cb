import { Option, type Command } from 'commander';
import { deliveryStates } from '../../domain/event-delivery.ts';
import type { Run } from './common-options.ts';
import {
  runDecideEventsCommand,
  runForgetSinkCommand,
  runListEventsCommand,
  type DecideEventsOptions,
  type ListEventsOptions,
} from './list-events.ts';

/** Adds `orders events list|retry|skip|forget-sink`. */
export function addEventCommands(program: Command, run: Run): void {
  const events = program.command('events').description('events that a sink has rejected, and dead letters');
  addEventFilters(events.command('list').description('the sinks, and what became of events at them'))
    .addOption(new Option('--state <state>', 'DEAD for dead letters').choices(deliveryStates))
    .option('--all', 'every page')
    .action((options: ListEventsOptions) => run((cli) => runListEventsCommand(cli, options)));
  addDecision(events, run, 'retry', 'send dead letters once more, and what waits behind each');
  addDecision(events, run, 'skip', 'give dead letters up; what waits behind each goes on');
  events
    .command('forget-sink')
    .description(
      'keep nothing any longer for a sink that is configured no more; it never gets what it has not received',
    )
    .argument('<sink>', 'as `orders events list` names it')
    .option('--reason <text>', 'why, for the records')
    .action((sink: string, options: { readonly reason?: string }) =>
      run((cli) => runForgetSinkCommand(cli, sink, options)),
    );
}

function addDecision(events: Command, run: Run, decision: 'retry' | 'skip', description: string): void {
  addEventFilters(events.command(decision).description(description))
    .addOption(new Option('--state <state>', 'by default DEAD').choices(['DEAD', 'PENDING']))
    .option('--reason <text>', 'why, for the records')
    .action((options: DecideEventsOptions) => run((cli) => runDecideEventsCommand(cli, decision, options)));
}

function addEventFilters(command: Command): Command {
  return command
    .option('--sink <name>', 'webhooks for all webhook endpoints')
    .option('--order <id>', 'an order, by its id or number')
    .option('--event <id>', 'one event')
    .option('--type <type>', 'such as order.confirmed')
    .option('--since <time>', 'that came to the sink at or after this time');
}
