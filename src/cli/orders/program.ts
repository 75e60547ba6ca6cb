import { Command, InvalidArgumentError, Option } from 'commander';
import { orderStatuses } from '../../domain/order-status.ts';
import { resolutions } from '../../domain/messages.ts';
import { runCancelCommand, runStatusCommand, runRetryCommand } from './command-order.ts';
import type { Cli } from './connect.ts';
import { runCreateCommand, type CreateOptions } from './create-order.ts';
import { runDoctorCommand } from './doctor.ts';
import { runExportCommand } from './export-orders.ts';
import { runGetCommand } from './get-order.ts';
import { runImportCommand, type ImportOptions } from './import-orders.ts';
import { runListCommand, type ListOptions } from './list-orders.ts';
import { runReturnCommand, type ReturnOptions } from './return-items.ts';
import { runSagaCommand } from './show-saga.ts';
import { runWatchCommand, type WatchOptions } from './watch-order.ts';

/** Runs a command with a connected client. */
type Run = (command: (cli: Cli) => Promise<void>) => Promise<void>;

/** Creates the command line `orders`; wrong usage ends the process with exit code 2. */
export function createProgram(run: Run): Command {
  const program = new Command('orders')
    .description('Places, follows and manages orders, and diagnoses problems.')
    .option('--url <url>', 'the API; by default ORDERS_URL, else the system that npm start runs')
    .option(
      '--token <jwt>',
      'the access token; by default ORDERS_TOKEN, else a new one for the system that npm start runs',
    )
    .option('--as <role:name>', 'for whom to sign a token of the system that npm start runs, such as customer:demo')
    .option('--json', 'JSON to standard output, problems as JSON to standard error')
    .showHelpAfterError('(see orders --help, or orders COMMAND --help)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .addHelpText(
      'after',
      '\nAn ID is an order id or an order number. Exit code: 0 success, 1 refused or failed, 2 wrong usage. NO_COLOR turns colours off.',
    );
  addPlacing(program, run);
  addReading(program, run);
  addActing(program, run);
  addBulk(program, run);
  return program;
}

function addPlacing(program: Command, run: Run): void {
  program
    .command('create')
    .description('place an order from options, a file, or both; options override the file')
    .option('--file <order.json>', 'the request as JSON; - is standard input')
    .option('--customer <id>', "the customer; not needed with a customer's token")
    .option('--item <SKU:QTY[:PRICE]>', 'a line; may be given several times', collect)
    .option('--currency <code>', 'such as EUR')
    .option('--payment-method <token>', 'such as tok_ok')
    .option('--name <name>', 'the recipient')
    .option('--line1 <text>', 'street and number')
    .option('--line2 <text>')
    .option('--city <city>')
    .option('--region <region>')
    .option('--postal-code <code>')
    .option('--country <code>', 'such as GB')
    .option('--shipping-method <method>', 'standard or express')
    .option('--coupon <code>')
    .option('--notes <text>')
    .option('--idempotency-key <key>', 'a repeated request with the same key returns the same order')
    .option('--wait [seconds]', 'wait for the outcome, 60 s unless given', parseSeconds)
    .option('--no-wait', 'do not wait at all')
    .action((options: CreateOptions) => run((cli) => runCreateCommand(cli, options)));
}

function addReading(program: Command, run: Run): void {
  program
    .command('get')
    .description('an order with its items and history')
    .argument('<id>')
    .action((id: string) => run((cli) => runGetCommand(cli, id)));
  addFilters(program.command('list').description('orders, the newest first'))
    .option('--limit <n>', 'how many a page holds, at most 200')
    .option('--cursor <cursor>', 'continue after the page that printed this cursor')
    .option('--all', 'every page')
    .action((options: ListOptions) => run((cli) => runListCommand(cli, options)));
  program
    .command('watch')
    .description('show each change of an order, until it is final')
    .argument('<id>')
    .addOption(new Option('--until <status>', 'or until it has this status').choices(orderStatuses))
    .action((id: string, options: WatchOptions) => run((cli) => runWatchCommand(cli, id, options)));
  program
    .command('saga')
    .description("the steps of an order's saga, and what to do when it needs attention")
    .argument('<id>')
    .action((id: string) => run((cli) => runSagaCommand(cli, id)));
  program
    .command('doctor')
    .description('check the API, PostgreSQL, Temporal, the token and the clock, and list orders that need attention')
    .action(() => run((cli) => runDoctorCommand(cli)));
}

function addActing(program: Command, run: Run): void {
  program
    .command('cancel')
    .description('cancel an order: stock is released and the payment refunded')
    .argument('<id>')
    .option('--reason <text>', 'why, for the records')
    .action((id: string, options: { reason?: string }) => run((cli) => runCancelCommand(cli, id, options)));
  program
    .command('status')
    .description('show the status and the allowed next ones; with a STATUS, set it')
    .argument('<id>')
    .argument('[status]', 'PROCESSING, SHIPPED, DELIVERED or CANCELLED')
    .option('--reason <text>', 'why, for the records')
    .option('--carrier <name>', 'the carrier')
    .option('--tracking <number>', 'the tracking number')
    .action((id: string, status: string | undefined, options: { reason?: string }) =>
      run((cli) => runStatusCommand(cli, id, status, options)),
    );
  program
    .command('retry')
    .description('pay with another payment method, or resume a saga that needs attention')
    .argument('<id>')
    .option('--payment-method <token>', 'the new payment method')
    .option('--step <name>', 'the failed step, as shown by orders saga')
    .addOption(new Option('--action <action>', 'what to do with the step').choices(resolutions).default('retry'))
    .option('--reason <text>', 'why, for the records')
    .action((id: string, options: { action: string }) => run((cli) => runRetryCommand(cli, id, options)));
  program
    .command('return')
    .description('return goods for a refund')
    .argument('<id>')
    .option('--item <ITEM_ID_OR_SKU:QTY>', 'what is returned; may be given several times', collect)
    .option('--all', 'all of it')
    .requiredOption('--reason <text>', 'why, for the records')
    .action((id: string, options: ReturnOptions) => run((cli) => runReturnCommand(cli, id, options)));
}

function addBulk(program: Command, run: Run): void {
  program
    .command('import')
    .description(
      'place the orders of a CSV file and show the progress; or pause, resume, cancel or follow a running import',
    )
    .argument('[file]')
    .option('--errors <file>', 'write failed rows with their errors to this file, which can be corrected and imported')
    .option('--detach', 'do not wait for the end')
    .option('--follow <import>', 'show the progress of a running import')
    .option('--pause <import>')
    .option('--resume <import>')
    .option('--cancel <import>', 'place no more orders of it')
    .option('--reason <text>', 'why it is paused, resumed or cancelled')
    .option('--currency <code>', 'for orders that state none')
    .option('--payment-method <token>', 'for orders that state none')
    .option('--customer <id>', 'for orders that state none')
    .option('--country <code>', 'for orders that state none')
    .option('--delimiter <character>', 'by default found from the header line; "tab" for tabs')
    .option('--encoding <charset>', 'by default UTF-8; for example windows-1252')
    .option('--column <field=header>', 'which column holds a field; may be given several times', collect)
    .option('--idempotency-key <key>', 'a repeated upload with the same key and file is the same import')
    .addHelpText('after', '\nExit code 1 when an order of the file failed.')
    .action((file: string | undefined, options: ImportOptions) => run((cli) => runImportCommand(cli, file, options)));
  addFilters(program.command('export').description('orders as CSV'))
    .option('--output <file>', 'the file to write; by default standard output')
    .action((options: ListOptions & { output?: string }) => run((cli) => runExportCommand(cli, options)));
}

function addFilters(command: Command): Command {
  return command
    .option('--status <status>')
    .option('--payment-status <status>')
    .option('--customer <id>')
    .option('--from <time>', 'created at or after, such as 2026-11-01')
    .option('--to <time>', 'created before')
    .option('--q <text>', 'an order number or its beginning')
    .option('--batch <import>', 'only orders of this import')
    .option('--needs-attention', 'only orders whose saga needs attention')
    .option('--sort <order>', 'created_at or -created_at');
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

function parseSeconds(text: string): number {
  if (!/^\d{1,6}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Give a number of seconds.');
  return Number(text);
}
