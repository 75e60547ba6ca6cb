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

/** The command line `orders`; wrong usage ends the process with exit code 2. */
export function createProgram(run: Run): Command {
  const program = new Command('orders')
    .description('Places orders and follows them through, looks after them, and finds what is wrong.')
    .option('--url <url>', 'the API; ORDERS_URL, else the system that npm start runs')
    .option('--token <jwt>', 'the access token; ORDERS_TOKEN, else one for the system that npm start runs')
    .option('--as <role:name>', 'whose token is made for the system that npm start runs, such as customer:demo')
    .option('--json', 'JSON to standard output, problems as JSON to standard error')
    .showHelpAfterError('(orders --help, or orders COMMAND --help, tells more)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .addHelpText(
      'after',
      '\nAn ID is an order id or an order number. Exit code: 0 done, 1 refused or failed, 2 wrong usage. NO_COLOR is honoured.',
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
    .description('place an order, from options, from a file, or from a file with options that say otherwise')
    .option('--file <order.json>', 'the request as JSON; - is standard input')
    .option('--customer <id>', 'whose order; not needed with a token of a customer')
    .option('--item <SKU:QTY[:PRICE]>', 'a line; may be given several times', collect)
    .option('--currency <code>', 'such as EUR')
    .option('--payment-method <token>', 'such as tok_ok')
    .option('--name <name>', 'who receives it')
    .option('--line1 <text>', 'street and number')
    .option('--line2 <text>')
    .option('--city <city>')
    .option('--region <region>')
    .option('--postal-code <code>')
    .option('--country <code>', 'such as GB')
    .option('--shipping-method <method>', 'standard or express')
    .option('--coupon <code>')
    .option('--notes <text>')
    .option('--idempotency-key <key>', 'the same key and order again bring the same answer')
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
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page')
    .action((options: ListOptions) => run((cli) => runListCommand(cli, options)));
  program
    .command('watch')
    .description('each change of an order as it happens, until it is final')
    .argument('<id>')
    .addOption(new Option('--until <status>', 'or until it has this status').choices(orderStatuses))
    .action((id: string, options: WatchOptions) => run((cli) => runWatchCommand(cli, id, options)));
  program
    .command('saga')
    .description("the ledger of an order's saga, and what to do when it waits for somebody")
    .argument('<id>')
    .action((id: string) => run((cli) => runSagaCommand(cli, id)));
  program
    .command('doctor')
    .description('whether the API, its engine, the token and the clock are well, and which orders wait for somebody')
    .action(() => run((cli) => runDoctorCommand(cli)));
}

function addActing(program: Command, run: Run): void {
  program
    .command('cancel')
    .description('cancel an order; stock and money go back')
    .argument('<id>')
    .option('--reason <text>', 'why, for the records')
    .action((id: string, options: { reason?: string }) => run((cli) => runCancelCommand(cli, id, options)));
  program
    .command('status')
    .description('where an order stands and what may follow; with a STATUS, set it')
    .argument('<id>')
    .argument('[status]', 'PROCESSING, SHIPPED, DELIVERED or CANCELLED')
    .option('--reason <text>', 'why, for the records')
    .option('--carrier <name>', 'who carries the goods')
    .option('--tracking <number>', 'under which number')
    .action((id: string, status: string | undefined, options: { reason?: string }) =>
      run((cli) => runStatusCommand(cli, id, status, options)),
    );
  program
    .command('retry')
    .description('offer another payment method, or let a saga that needs attention go on')
    .argument('<id>')
    .option('--payment-method <token>', 'pay with this one instead')
    .option('--step <name>', 'the step that failed, as orders saga shows it')
    .addOption(new Option('--action <action>', 'what to do about the step').choices(resolutions).default('retry'))
    .option('--reason <text>', 'why, for the records')
    .action((id: string, options: { action: string }) => run((cli) => runRetryCommand(cli, id, options)));
  program
    .command('return')
    .description('take goods back for a refund')
    .argument('<id>')
    .option('--item <ITEM_ID_OR_SKU:QTY>', 'what comes back; may be given several times', collect)
    .option('--all', 'all of it')
    .requiredOption('--reason <text>', 'why, for the records')
    .action((id: string, options: ReturnOptions) => run((cli) => runReturnCommand(cli, id, options)));
}

function addBulk(program: Command, run: Run): void {
  program
    .command('import')
    .description('place the orders of a CSV file and show how far it is; or steer an import that runs')
    .argument('[file]')
    .option('--errors <file>', 'where rows that failed go, with why; that file can be mended and imported')
    .option('--detach', 'do not wait for the end')
    .option('--follow <import>', 'show one that runs')
    .option('--pause <import>')
    .option('--resume <import>')
    .option('--cancel <import>', 'place no more orders of it')
    .option('--reason <text>', 'why it is paused, resumed or cancelled')
    .option('--currency <code>', 'of orders that have none')
    .option('--payment-method <token>', 'of orders that have none')
    .option('--customer <id>', 'whose orders are those without a customer')
    .option('--country <code>', 'of addresses that have none')
    .option('--delimiter <character>', 'unless the header line tells it; "tab" is one')
    .option('--encoding <charset>', 'unless it is UTF-8, such as windows-1252')
    .option('--column <field=header>', 'which column holds a field; may be given several times', collect)
    .option('--idempotency-key <key>', 'the same key and file again are the same import')
    .addHelpText('after', '\nExit code 1 when an order of the file failed.')
    .action((file: string | undefined, options: ImportOptions) => run((cli) => runImportCommand(cli, file, options)));
  addFilters(program.command('export').description('orders as CSV'))
    .option('--output <file>', 'where to; standard output unless given')
    .action((options: ListOptions & { output?: string }) => run((cli) => runExportCommand(cli, options)));
}

function addFilters(command: Command): Command {
  return command
    .option('--status <status>')
    .option('--payment-status <status>')
    .option('--customer <id>')
    .option('--from <time>', 'created at or after, such as 2026-11-01')
    .option('--to <time>', 'created before')
    .option('--q <text>', 'an order number or the beginning of one')
    .option('--batch <import>', 'placed by this import')
    .option('--needs-attention', 'those whose saga waits for somebody')
    .option('--sort <order>', 'created_at or -created_at');
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

function parseSeconds(text: string): number {
  if (!/^\d{1,6}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number of seconds.');
  return Number(text);
}
