import type { Command } from 'commander';
import { collect, type Run } from './common-options.ts';
import {
  runChangeEndpointCommand,
  runCreateEndpointCommand,
  runDeleteEndpointCommand,
  runListEndpointsCommand,
  runRotateSecretCommand,
  runShowEndpointCommand,
  type EndpointOptions,
} from './manage-endpoints.ts';
import {
  runListDeliveriesCommand,
  runRedeliverCommand,
  type DeliveryOptions,
  type RedeliverOptions,
} from './show-deliveries.ts';

/** Adds the commands for webhook endpoints. */
export function addEndpointCommands(program: Command, run: Run): void {
  const endpoints = program
    .command('endpoints')
    .description('webhook endpoints: who is sent events, and what came of it');
  endpoints
    .command('list')
    .description('every endpoint, and how it stands')
    .action(() => run((cli) => runListEndpointsCommand(cli)));
  endpoints
    .command('get')
    .description('one endpoint')
    .argument('<endpoint>')
    .action((id: string) => run((cli) => runShowEndpointCommand(cli, id)));
  withFields(endpoints.command('create').description('make an endpoint; its secret is shown once'))
    .argument('<address>', 'where events are posted')
    .action((url: string, options: EndpointOptions) =>
      run((cli) => runCreateEndpointCommand(cli, { ...options, to: url })),
    );
  withFields(endpoints.command('change').description('change an endpoint'))
    .argument('<endpoint>')
    .option('--to <address>', 'where events are posted')
    .action((id: string, options: EndpointOptions) => run((cli) => runChangeEndpointCommand(cli, id, options)));
  endpoints
    .command('enable')
    .description('send to an endpoint again, what has waited first')
    .argument('<endpoint>')
    .action((id: string) => run((cli) => runChangeEndpointCommand(cli, id, { enabled: true })));
  endpoints
    .command('disable')
    .description('send to an endpoint no more; events wait until it is enabled')
    .argument('<endpoint>')
    .action((id: string) => run((cli) => runChangeEndpointCommand(cli, id, { enabled: false })));
  endpoints
    .command('delete')
    .description('remove an endpoint, with its log and all that waits for it')
    .argument('<endpoint>')
    .action((id: string) => run((cli) => runDeleteEndpointCommand(cli, id)));
  endpoints
    .command('rotate-secret')
    .description('a new secret, shown once; the one before is valid for WEBHOOK_SECRET_OVERLAP as well')
    .argument('<endpoint>')
    .action((id: string) => run((cli) => runRotateSecretCommand(cli, id)));
  addDeliveryCommands(endpoints, run);
}

function withFields(command: Command): Command {
  return command
    .option('--type <type>', 'such as order.confirmed, order.* or *; may be given several times', collect)
    .option('--description <text>');
}

function addDeliveryCommands(endpoints: Command, run: Run): void {
  endpoints
    .command('deliveries')
    .description('what was sent to an endpoint, newest first')
    .argument('<endpoint>')
    .option('--state <state>', 'PENDING, DELIVERED, DEAD or SKIPPED')
    .option('--type <type>', 'such as order.confirmed')
    .option('--order <id>', 'the id of an order')
    .option('--limit <n>', 'how many a page holds, at most 200')
    .option('--cursor <cursor>', 'continue after the page that printed this cursor')
    .action((id: string, options: DeliveryOptions) => run((cli) => runListDeliveriesCommand(cli, id, options)));
  endpoints
    .command('redeliver')
    .description('send one event again, or everything since a time')
    .argument('<endpoint>')
    .option('--event <id>', "the event's id")
    .option('--since <time>', 'such as 2026-11-26T09:00:00Z')
    .action((id: string, options: RedeliverOptions) => run((cli) => runRedeliverCommand(cli, id, options)));
}
