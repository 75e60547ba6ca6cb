import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { RequestError } from '../../access/request-error.ts';
import { OrdersProblemError } from '../../client/client.ts';
import { importers } from '../../imports/find-visible-import.ts';
import { under } from '../actions/order-action.ts';
import type { ConsoleEnv } from '../console-env.ts';
import { describeRefusal } from '../describe-refusal.ts';
import { checkedPart, refusedPart } from '../pages/checked-file.ts';
import { uploadPage } from '../pages/upload-page.ts';
import { showPage } from '../show-page.ts';
import { may } from '../view.ts';
import { contentTypeOf, importOptionsOf } from './upload-fields.ts';

/** Requests whose body is a file: it is passed on as it comes, and bounded by the API. */
export const uploadPaths: readonly string[] = ['/console/imports/new', '/console/imports/new/check'];

/** Importing a file: it is read without writing anything, and imported once somebody has seen what is in it. A script sends it as it is. */
export function addUploadRoutes(app: Hono<ConsoleEnv>): void {
  app.get('/imports/new', async (c) => {
    const view = c.get('view');
    if (!may(view, importers)) throw new RequestError('FORBIDDEN', 'Files are imported by administrators.');
    return await showPage(c, uploadPage(view));
  });
  app.get('/imports/new/check', (c) => c.redirect('/console/imports/new'));
  app.post('/imports/new/check', async (c) => {
    const view = c.get('view');
    return await tellRefusal(c, async () => {
      const found = await view.client.createImport({ ...importOptionsOf(queryOf(c)), dry_run: true, ...fileOf(c) });
      if (!('dry_run' in found)) throw new RequestError('INTERNAL', 'The file was not only read.');
      return await showPage(c, checkedPart(view, found, randomUUID()));
    });
  });
  app.post('/imports/new', async (c) => {
    const { client } = c.get('view');
    return await tellRefusal(c, async () => {
      const { headers, body } = fileOf(c);
      const key = under(queryOf(c).get('key') ?? '');
      const job = await client.createImport({
        ...importOptionsOf(queryOf(c)),
        body,
        headers: { ...headers, ...key.headers },
      });
      if (!('id' in job)) throw new RequestError('INTERNAL', 'The file was only read.');
      // A script goes there: a browser that follows by itself would load the page twice.
      return c.body(null, 202, { Location: `/console/imports/${job.id}` });
    });
  });
}

/** What the API refuses the file for stands where what it found would stand. */
async function tellRefusal(c: Context<ConsoleEnv>, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof OrdersProblemError)) throw error;
    return await showPage(c, refusedPart(describeRefusal(error)), error.status as ContentfulStatusCode);
  }
}

function queryOf(c: Context): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

/** The file as the browser sends it, piece by piece. */
function fileOf(c: Context) {
  return { body: c.req.raw.body ?? '', headers: { 'Content-Type': contentTypeOf(queryOf(c)) } };
}
