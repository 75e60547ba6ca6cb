import { pause } from '../../client/pause.ts';
import { doneWords } from '../../domain/import-columns.ts';
import { startProgressBar } from '../progress-bar.ts';
import { CliError, UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { saveBody } from './export-orders.ts';
import { tellAcknowledgement } from './list-imports.ts';
import { paintStatus, stripControls } from './output.ts';
import { requireDryRun, saveMissing } from './save-missing.ts';
import { showDryRun } from './show-dry-run.ts';
import { confirm } from './confirm.ts';
import { formatFields } from './table.ts';
import { checkFile, importSchema, sendFile, type Import, type ImportOptions } from './upload-file.ts';

/** Often enough to watch; twice as often would take all that RATE_LIMIT allows a user, and end the command with it. */
const POLL_MS = 1_000;

const steering = ['pause', 'resume', 'cancel'] as const;

/** `orders import`: sends a file and follows the import to its end, or pauses, resumes, cancels or follows a running one. Fails when an order of the file failed. */
export async function runImportCommand(cli: Cli, file: string | undefined, options: ImportOptions): Promise<void> {
  const steered = steering.filter((action) => options[action] !== undefined);
  const asked = [file, options.follow, ...steered].filter((one) => one !== undefined);
  if (asked.length !== 1)
    throw new UsageError('Give a FILE, or the id of an import to one of --follow, --pause, --resume, --cancel.');
  const [action] = steered;
  if (action !== undefined) {
    showImport(cli, await steerImport(cli, action, options));
    return;
  }
  if (file !== undefined && !(await isToGoOn(cli, file, options))) return;
  const begun = file === undefined ? await readImport(cli, options.follow ?? '') : await sendFile(cli, file, options);
  if (options.detach === true) {
    showImport(cli, begun);
    return;
  }
  const ended = await followImport(cli, begun);
  showImport(cli, ended);
  await reportErrors(cli, ended, options.errors);
}

/** Whether a file is to be imported: at a terminal the user is shown first what it would do. */
async function isToGoOn(cli: Cli, file: string, options: ImportOptions): Promise<boolean> {
  requireDryRun(options);
  if (options.dryRun === true) {
    const found = await checkFile(cli, file, options);
    showDryRun(cli, found);
    await saveMissing(cli, found, options);
    return false;
  }
  // What comes from standard input can be read once only.
  const isAsked = process.stdin.isTTY && process.stdout.isTTY && file !== '-' && !cli.json && options.yes !== true;
  if (!isAsked) return true;
  const found = await checkFile(cli, file, options);
  showDryRun(cli, found);
  const ready = found.orders - found.refused;
  if (await confirm(`\nImport ${ready} of ${found.orders} orders? Type yes: `)) return true;
  throw new CliError('Nothing was imported.');
}

async function steerImport(cli: Cli, action: (typeof steering)[number], options: ImportOptions): Promise<Import> {
  const id = options[action] ?? '';
  const body = options.reason === undefined ? {} : { reason: options.reason };
  return importSchema.parse(
    await cli.call('POST', `/imports/${encodeURIComponent(id)}/${action}`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

async function readImport(cli: Cli, id: string): Promise<Import> {
  return importSchema.parse(await cli.call('GET', `/imports/${encodeURIComponent(id)}`));
}

/** Shows the progress until the import has ended; Ctrl-C does not stop the import. */
async function followImport(cli: Cli, begun: Import): Promise<Import> {
  cli.note(
    `import ${begun.id} goes on when this command is interrupted. To follow it again: orders import --follow ${begun.id}`,
  );
  const bar = cli.json ? undefined : startProgressBar(begun.total);
  let now = begun;
  try {
    for (;;) {
      bar?.update(now.total - now.pending, countOutcomes(now));
      if (now.completed_at != null) return now;
      await pause(POLL_MS);
      now = await readImport(cli, begun.id);
    }
  } finally {
    bar?.stop();
  }
}

function countOutcomes({ mode, confirmed, failed, repeated, cancelled }: Import): Record<string, number> {
  const counts = Object.entries({ [doneWords[mode]]: confirmed, failed, repeated, cancelled });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function showImport({ json, print, printJson }: Cli, now: Import): void {
  if (json) {
    printJson(now);
    return;
  }
  print(
    formatFields([
      ['import', stripControls(now.id)],
      ['status', paintStatus(now.status)],
      ['file', now.file_name == null ? null : stripControls(now.file_name)],
      ['file of', now.recognised == null ? null : stripControls(now.recognised)],
      ['mode', now.mode],
      ['orders', String(now.total)],
      ...(['confirmed', 'failed', 'repeated', 'cancelled', 'pending'] as const).map(
        (name) =>
          [name === 'confirmed' ? doneWords[now.mode] : name, now[name] > 0 ? String(now[name]) : null] as const,
      ),
      ['acknowledged', tellAcknowledgement(now)],
    ]),
  );
}

async function reportErrors(
  cli: Cli,
  { id, failed, error_count: rows }: Import,
  file: string | undefined,
): Promise<void> {
  if (rows > 0 && file !== undefined) {
    await saveBody(await cli.send('GET', `/imports/${encodeURIComponent(id)}/errors`), file);
    cli.note(`${countOf(rows, 'row')} with what is wrong in ${file}. Correct that file and import it`);
  } else if (rows > 0 && failed === 0) {
    const what = 'not placed, or different from what is on record';
    cli.note(`${countOf(rows, 'row')} of the file: ${what}. To see them: orders import --follow ${id} --errors FILE`);
  }
  if (failed === 0) return;
  const how = file === undefined ? `. To see why: orders import --follow ${id} --errors FILE` : '';
  throw new CliError(`${countOf(failed, 'order')} of the file failed${how}`);
}

function countOf(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
