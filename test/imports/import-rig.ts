import { parse } from 'csv-parse/sync';
import { SignJWT } from 'jose';
import { inject } from 'vitest';
import { Worker } from '@temporalio/worker';
import { importWorkflowId, IMPORT_ORDERS, type ImportOrdersInput } from '../../src/domain/import.ts';
import { createApiOverRig } from '../setup/api-over-rig.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig } from '../setup/saga-rig.ts';

const JWT_SECRET = 'a secret for tests that is long enough';

/** What the files of the tests don't state. */
const importDefaults = {
  IMPORT_CUSTOMER: 'alice',
  IMPORT_CURRENCY: 'EUR',
  IMPORT_COUNTRY: 'GB',
  IMPORT_PAYMENT_METHOD: 'tok_ok',
};

export type ImportRig = Awaited<ReturnType<typeof startImportRig>>;

/** Imports for real: the API over the saga rig's engine, database, sandbox and worker, and the relay, which starts what the start limiter puts off. */
export async function startImportRig(settings: Record<string, string> = {}) {
  const rig = await startSagaRig({ JWT_SECRET, ...importDefaults, ...settings });
  const stopRelay = rig.startRelay();
  const { api, changes } = createApiOverRig(rig);
  await rig.sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status: 'ACTIVE' });
  await rig.product('TEAPOT', 100_000);

  const request = async (method: string, path: string, given: { body?: string; type?: string; sub?: string } = {}) => {
    const { body, type = 'application/json', sub = 'shop' } = given;
    const headers = { authorization: `Bearer ${await tokenOf(sub)}`, 'content-type': type };
    const response = await api.request(`/api/v1${path}`, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined };
  };
  const handle = (id: string) => rig.temporal.client.workflow.getHandle(importWorkflowId(id));
  const upload = async (file: string, query = '', sub = 'shop'): Promise<string> => {
    const { status, body } = await request('POST', `/imports${query}`, { body: file, type: 'text/csv', sub });
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body.id;
  };
  const read = async (id: string, sub = 'shop') => (await request('GET', `/imports/${id}`, { sub })).body;
  return {
    ...rig,
    request,
    upload,
    read,
    importHandle: handle,
    /** Waits until nothing of the import is open; answers it. */
    ends: (id: string, sub = 'shop') =>
      eventually(
        async () => {
          const body = await read(id, sub);
          return body.completed_at !== null && body;
        },
        { timeoutMs: 180_000 },
      ),
    errors: async (id: string) => {
      const { text } = await request('GET', `/imports/${id}/errors`);
      return { text, rows: parse<Record<string, string>>(text, { columns: true }) };
    },
    ordersOf: (id: string) =>
      rig.database.db.selectFrom('orders').select(['id', 'status', 'metadata']).where('batch_id', '=', id).execute(),
    /** Starts an import's workflow by hand, with an input of its own. */
    startWith: (input: ImportOrdersInput) =>
      rig.temporal.client.workflow.start(IMPORT_ORDERS, {
        workflowId: importWorkflowId(input.importId),
        taskQueue: rig.temporal.taskQueue,
        args: [input],
      }),
    /** Fails when the workflow code of today would not do what the import's workflow did. */
    replayImport: async (id: string) => {
      const history = await handle(id).fetchHistory();
      await Worker.runReplayHistory(
        { workflowBundle: { codePath: inject('workflowBundle') }, replayName: id },
        history,
        importWorkflowId(id),
      );
    },
    stopImports: async () => {
      await stopRelay();
      await changes.close();
      await rig.stop();
    },
  };
}

/** A file of `count` orders of one teapot each, whose references begin with `prefix`. */
export function teapots(prefix: string, count: number, from = 0): string {
  const rows = Array.from({ length: count }, (_, index) => `${prefix}-${from + index},TEAPOT,1,12.50`);
  return ['order,sku,qty,price', ...rows, ''].join('\n');
}

function tokenOf(sub: string): Promise<string> {
  return new SignJWT({ roles: ['service'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuer('order-saga')
    .setAudience('orders')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(JWT_SECRET));
}
