import { type Command, Option } from 'commander';
import { runReconcilePaymentsCommand, type ReconcileOptions } from './reconcile-payments.ts';
import { resolutions } from '../../domain/messages.ts';
import { resolutionStatuses } from '../../domain/saga-resolution.ts';
import { addFilters, collect, type Run } from './common-options.ts';
import { runExportCommand, type ExportOptions } from './export-orders.ts';
import { runImportCommand } from './import-orders.ts';
import { runAcknowledgeImportCommand, runListImportsCommand, type ListImportsOptions } from './list-imports.ts';
import { runListResolutionsCommand, type ListResolutionsOptions } from './list-resolutions.ts';
import { runResolveCommand, type ResolveOptions } from './resolve-many.ts';
import type { ImportOptions } from './upload-file.ts';

/** Adds the commands for many orders. */
export function addBulkCommands(program: Command, run: Run): void {
  addImportCommand(program, run);
  addImportsCommand(program, run);
  addResolutionsCommand(program, run);
  program
    .command('resolve')
    .description('decide on many parked steps at once: shows which, asks, and follows it to its end')
    .option('--filter <name=value>', 'step=NAME, error=TEXT or before=TIME; may be given several times', collect)
    .addOption(new Option('--action <action>', 'what to do with each').choices(resolutions))
    .option('--reason <text>', 'why, for the records')
    .option('--dry-run', 'only show which, and what would be done')
    .option('--yes', 'do not ask')
    .option('--detach', 'do not wait for the end')
    .option('--follow <resolution>', 'show the progress of one that is under way')
    .option('--idempotency-key <key>', 'a repeated request with the same key is the same resolution')
    .addHelpText('after', "\nExit code 1 when an order's workflow did not take the decision.")
    .action((options: ResolveOptions) => run((cli) => runResolveCommand(cli, options)));
  program
    .command('reconcile-payments')
    .description("compare the payment service's list with our books, both ways")
    .option('--from <time>', 'a day or RFC 3339 time; by default a day ago')
    .option('--to <time>', 'a day or RFC 3339 time; by default now')
    .option('--report <id>', 'show a report that was made before')
    .option('--csv <file>', 'the file for every difference')
    .addHelpText('after', '\nExit code 1 when there are differences, or the report could not be made.')
    .action((options: ReconcileOptions) => run((cli) => runReconcilePaymentsCommand(cli, options)));
  addExportCommand(program, run);
}

function addImportCommand(program: Command, run: Run): void {
  program
    .command('import')
    .description(
      'place the orders of a CSV file and show the progress; or pause, resume, cancel or follow a running import',
    )
    .argument('[file]', 'a CSV file; - is standard input')
    .option('--errors <file>', 'write failed rows with their errors to this file, which can be corrected and imported')
    .option('--dry-run', 'only show what the file holds, and what is wrong with it')
    .option('--yes', 'do not show it first and ask, as is done at a terminal')
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
    .option('--source <name>', 'which shop the orders are of; by default the system that wrote the file')
    .option('--delimiter <character>', 'by default found from the header line; "tab" for tabs')
    .option('--encoding <charset>', 'by default UTF-8 or Windows-1252; for example windows-1250 or shift_jis')
    .option('--column <field=header>', 'which column holds a field; may be given several times', collect)
    .option('--preset <system>', 'which system wrote the file; by default it is recognised by its header')
    .option(
      '--preset-file <file>',
      'a preset of your own as JSON, for a system that is not known, or one that extends a known one',
    )
    .option('--tolerance <amount>', 'by how much the total of an order may differ from its sum')
    .option('--decimal <sign>', 'the decimal sign, . or , where the numbers of the file do not show it')
    .option('--date-format <format>', 'DMY, MDY or YMD, where the dates of the file do not show it')
    .option('--time-zone <zone>', 'of times that state none; by default UTC')
    .option('--prices <source>', '"catalogue" takes the prices of the catalogue; by default those of the file')
    .option('--mode <mode>', '"new" places the orders, "history" takes them in as they stood; by default new')
    .option('--unpaid <what>', 'in history: unpaid orders "wait" for their payment, or "cancel" them; by default wait')
    .option('--take-stock', 'in history: takes the goods of what is not shipped out of stock')
    .option(
      '--create-missing <what>',
      '"customers", "products" or "customers,products": creates those that their services do not know',
    )
    .option('--missing-customers <file>', 'with --dry-run: write them to this file instead, to be loaded by hand')
    .option('--missing-products <file>', 'the same for products')
    .option('--idempotency-key <key>', 'a repeated upload with the same key and file is the same import')
    .addHelpText('after', '\nExit code 1 when an order of the file failed.')
    .action((file: string | undefined, options: ImportOptions) => run((cli) => runImportCommand(cli, file, options)));
}

function addImportsCommand(program: Command, run: Run): void {
  const imports = program
    .command('imports')
    .description('who imported what and when, and what became of it, the newest first')
    .option('--status <status>', 'RUNNING, PAUSED, CANCELLED or COMPLETED')
    .option('--from <time>', 'sent at or after, such as 2026-11-01')
    .option('--to <time>', 'sent before')
    .option('--with-errors', 'only those with orders that failed and that nobody has acknowledged')
    .option('--limit <count>', 'imports shown, 50 by default')
    .option('--cursor <cursor>', 'go on where the page before ended')
    .action((options: ListImportsOptions) => run((cli) => runListImportsCommand(cli, options)));
  imports
    .command('acknowledge')
    .description(
      'note that you have dealt with the failed orders of an import that has ended: imports --with-errors lists it no more',
    )
    .argument('<id>', 'the id of the import')
    .option('--reason <text>', 'what was done about them, for the audit log')
    .action((id: string, options: { readonly reason?: string }) =>
      run((cli) => runAcknowledgeImportCommand(cli, id, options)),
    );
}

function addResolutionsCommand(program: Command, run: Run): void {
  program
    .command('resolutions')
    .description('who decided on many parked steps at once and when, and what came of it, the newest first')
    .addOption(new Option('--status <status>', 'RUNNING or COMPLETED').choices(resolutionStatuses))
    .addOption(new Option('--action <action>', 'what was decided').choices(resolutions))
    .option('--actor <sub>', 'who decided')
    .option('--from <time>', 'made at or after, such as 2026-11-01')
    .option('--to <time>', 'made before')
    .option('--limit <count>', 'resolutions shown, 50 by default')
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText('after', '\nWhat became of each order: orders resolve --follow <resolution>.')
    .action((options: ListResolutionsOptions) => run((cli) => runListResolutionsCommand(cli, options)));
}

function addExportCommand(program: Command, run: Run): void {
  addFilters(program.command('export').description('orders as CSV'))
    .option('--output <file>', 'the file to write; by default standard output')
    .option('--lines', 'one row for each line, with every amount: orders import reads it back')
    .option('--columns <names>', 'only these columns, separated by commas')
    .option('--delimiter <character>', 'by default a comma; "tab" for tabs')
    .option('--bom', 'begin with a byte order mark, by which spreadsheets know UTF-8')
    .option('--gzip', 'a compressed file')
    .option('--archived', 'orders of the archive instead')
    .action((options: ExportOptions) => run((cli) => runExportCommand(cli, options)));
}
