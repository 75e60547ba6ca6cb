import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startPrivateSystem } from '../../dev/local/private-system.ts';
import { readRunningSystem, type RunningSystem } from '../../src/cli/local-system/running-system.ts';
import { signToken } from '../../src/cli/local-system/sign-token.ts';
import { requireKnownEvents } from '../setup/require-known-events.ts';
import { contractOf, type CheckAnswer, type OpenApiDocument } from '../http/openapi-contract.ts';

/** What an HTTP call of a test brought back. */
export interface Reply {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever the wire holds
  body: any;
}

/** The whole product as `npm start` runs it, in processes of its own that a test may kill. */
export interface TestSystem {
  dataDir: string;
  output: () => string;
  /** Where it is and which processes it has now: a killed one comes back under another id. */
  running: () => RunningSystem;
  call: (method: string, path: string, options?: CallOptions) => Promise<Reply>;
  sandbox: (method: string, path: string, body?: unknown) => Promise<Reply>;
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** Ends it, with its data; fails when an event in them is not as the catalogue has it. */
  destroy: () => Promise<void>;
}

interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  sub?: string;
  roles?: string[];
  /** Another API than the system's own. */
  url?: string;
}

/** Starts it on free ports, with the workflows as this test run has bundled them; with `dataDir` it finds the data of an earlier one. */
export async function startTestSystem(settings: Record<string, string> = {}, dataDir?: string): Promise<TestSystem> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'order-saga-system-')));
  let output = '';
  const { running, stop } = await startPrivateSystem({
    dataDir: folder,
    settings: { TEMPORAL_CLI: inject('temporalCli'), WORKFLOW_BUNDLE: inject('workflowBundle'), ...settings },
    log: (line) => (output += `${line}\n`),
  });
  const document = (await (await fetch(`${running().apiUrl}/openapi.json`)).json()) as OpenApiDocument;
  const check = contractOf(document);
  const token = ({ sub = 'demo', roles = ['customer'] }: CallOptions = {}) =>
    signToken({ sub, roles, expiresMs: 3_600_000 }, running());
  return {
    dataDir: folder,
    output: () => output,
    running,
    call: async (method, path, options) =>
      request(
        `${options?.url ?? running().apiUrl}/api/v1${path}`,
        method,
        options?.body,
        {
          authorization: `Bearer ${await token(options)}`,
          ...options?.headers,
        },
        check,
      ),
    sandbox: (method, path, body) => request(`${running().sandboxUrl}${path}`, method, body, {}),
    stop: async (signal = 'SIGINT') => (await stop(signal)).code,
    destroy: async () => {
      const { databaseUrl } = readRunningSystem({ DATA_DIR: folder }) ?? {};
      try {
        if (databaseUrl !== undefined) await requireKnownEvents(databaseUrl);
      } finally {
        await stop();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The body of an order over two packets of the demo tea, EUR 25.00. */
export const teaOrder = {
  currency: 'EUR',
  items: [{ sku: 'TEA-001', quantity: 2, unit_price: '12.50' }],
  payment_method: 'tok_ok',
  shipping_address: {
    name: 'Ada',
    line1: '12 St James Square',
    city: 'London',
    postal_code: 'SW1Y 4JH',
    country: 'GB',
  },
};

async function request(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
  check?: CheckAnswer,
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await check?.(method, url, response);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
