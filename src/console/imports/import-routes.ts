import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { RequestError } from '../../access/request-error.ts';
import { OrdersProblemError, type Operations, type OrdersClient } from '../../client/client.ts';
import { importStatuses } from '../../domain/import.ts';
import { FormError, readForm } from '../actions/form-fields.ts';
import { under } from '../actions/order-action.ts';
import { callApi, innerUrl } from '../call-api.ts';
import type { ConsoleDependencies, ConsoleEnv } from '../console-env.ts';
import { describeRefusal } from '../describe-refusal.ts';
import { confirmPage } from '../pages/confirm-page.ts';
import { importPage } from '../pages/import-page.ts';
import { importsPage } from '../pages/imports-page.ts';
import { createReadsOnRecord, type ReadsOnRecord } from '../reads-on-record.ts';
import { tell } from '../require-session.ts';
import { showPage } from '../show-page.ts';
import { html } from '../ui/html.ts';
import { importCommands, type ImportCommand } from './import-commands.ts';
import { readFaults } from './read-faults.ts';

/** As many as fit a screen. */
const PAGE_SIZE = 50;

/** Imports with their progress, how their files were read, and what failed; pausing, resuming, cancelling and acknowledging them. */
export function addImportRoutes(app: Hono<ConsoleEnv>, { api }: ConsoleDependencies): void {
  const reads = createReadsOnRecord();
  app.get('/imports', async (c) => {
    const view = c.get('view');
    const query = c.req.query();
    const status = importStatuses.find((one) => one === query['status']);
    const failedOnly = query['has_failed'] === 'true';
    const openOnly = query['acknowledged'] === 'false';
    const filters = {
      ...(status && { status }),
      ...(failedOnly && { has_failed: 'true' }),
      ...(openOnly && { acknowledged: 'false' }),
    };
    const { data, next_cursor: cursor } = await readerOf(c, reads).listImports({
      ...(status && { status }),
      ...(failedOnly && { has_failed: true }),
      ...(openOnly && { acknowledged: false }),
      ...(query['cursor'] !== undefined && { cursor: query['cursor'] }),
      limit: PAGE_SIZE,
    });
    const next =
      cursor === null ? undefined : `/console/imports?${new URLSearchParams({ ...filters, cursor }).toString()}`;
    return await showPage(c, importsPage(view, data, { status, failedOnly, openOnly, next }));
  });
  app.get('/imports/:id', async (c) => {
    const view = c.get('view');
    const job = await readerOf(c, reads).getImport({ id: c.req.param('id') });
    const faults = job.error_count === 0 ? undefined : await readFaults(await errorsOf(c, api, true));
    return await showPage(c, importPage(view, job, faults));
  });
  app.get('/imports/:id/errors.csv', async (c) => await errorsOf(c, api, false));
  app.get('/imports/:id/:command', (c) => c.redirect(`/console/imports/${encodeURIComponent(c.req.param('id'))}`));
  app.post('/imports/:id/:command', async (c) => {
    const command = importCommands.find(({ name }) => name === c.req.param('command'));
    if (!command) throw new RequestError('NOT_FOUND', 'There is no such command.');
    return await perform(c, command, readerOf(c, reads));
  });
}

/** A page that refreshes itself, and what is done on it, read what its first read has put on record. */
function readerOf(c: Context<ConsoleEnv>, reads: ReadsOnRecord): OrdersClient {
  const { client, parts, signedIn } = c.get('view');
  const { pathname, search } = new URL(c.req.url);
  const page = c.req.method === 'GET' ? pathname + search : pathname.slice(0, pathname.lastIndexOf('/'));
  const isFollowing = c.req.method !== 'GET' || c.req.header('X-Part') !== undefined;
  if (isFollowing && reads.has(signedIn, page)) return parts;
  reads.add(signedIn, page);
  return client;
}

/** The rows that failed, as CSV. */
async function errorsOf(c: Context<ConsoleEnv>, api: ConsoleDependencies['api'], isPartOfRead: boolean) {
  const { caller } = c.get('view').signedIn;
  const url = innerUrl(`/api/v1/imports/${encodeURIComponent(c.req.param('id') ?? '')}/errors`);
  return await callApi(api, { caller, isPartOfRead }, new Request(url));
}

/** Says what the command will do; gives it once that was confirmed. */
async function perform(c: Context<ConsoleEnv>, command: ImportCommand, reader: OrdersClient): Promise<Response> {
  const view = c.get('view');
  const fields = await readForm(c);
  const job = await reader.getImport({ id: c.req.param('id') ?? '' });
  const back = `/console/imports/${job.id}`;
  try {
    const reason = fields.reason();
    if (fields.text('confirmed') === 'yes') {
      const after = await command.give(view.client, { id: job.id, body: { reason }, ...under(fields.text('key')) });
      tell(c, { text: resultOf(command, after), isRefused: false });
      return c.redirect(back, 303);
    }
    const own = [
      ['key', randomUUID()],
      ['confirmed', 'yes'],
    ] as const;
    const page = confirmPage(view, {
      area: 'imports',
      about: html`<a href="${back}">${job.file_name ?? 'Batch'}</a>`,
      title: `${command.title} the import`,
      effects: [...command.effects(job), `Reason: ${reason}`],
      button: `${command.title} it`,
      isFinal: command.isFinal,
      path: `${back}/${command.name}`,
      fields: [...fields.without('key', 'confirmed'), ...own],
      back,
    });
    return await showPage(c, page);
  } catch (error) {
    if (!(error instanceof FormError) && !(error instanceof OrdersProblemError)) throw error;
    tell(c, { text: error instanceof FormError ? error.message : describeRefusal(error), isRefused: true });
    return c.redirect(back, 303);
  }
}

function resultOf({ outcome, isDone }: ImportCommand, after: Operations['getImport']['answer']): string {
  return isDone(after)
    ? `The import is ${outcome} now.`
    : 'It is asked for, and done as soon as the import’s workflow gets to it.';
}
