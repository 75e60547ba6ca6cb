import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { afterEach } from 'vitest';
import { createLogger } from '../../../src/logger.ts';
import { createSandbox } from '../../../dev/sandbox/app.ts';
import type { WebhookReceiver } from '../../../dev/sandbox/send-webhooks.ts';
import { createTestDatabase } from '../../setup/database.ts';
import { holdToDocuments } from './hold-to-documents.ts';

/** Where a call or an answer was not as the services' documents have it. */
const deviations: string[] = [];
afterEach(() => {
  const [first] = deviations.splice(0);
  if (first !== undefined) throw new Error(`not as docs/services has it: ${first}`);
});

/** An answer of the sandbox; `body` as its JSON says, undefined when there is none. */
export interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever the wire holds
  body: any;
}

/** A sandbox on a port and in a database of its own, and the calls that tests make. */
export interface TestSandbox {
  url: string;
  /** Its database, which is the product's as well in tests, as the owner of all that is in it. */
  databaseUrl: string;
  /** The same as the role that the product runs as. */
  runningUrl: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Ends the process's part and starts it anew on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts it; sweeps of expired holds come quicker than in life, so that tests need not wait. It is held to the services' documents, unless
 * a test sends what is not in them.
 */
export async function startTestSandbox(
  webhooks?: WebhookReceiver,
  { isHeldToDocuments = true } = {},
): Promise<TestSandbox> {
  const database = await createTestDatabase();
  let running = await listen(database.url, webhooks, isHeldToDocuments);
  return {
    get url() {
      return running.url;
    },
    databaseUrl: database.url,
    runningUrl: database.runningUrl,
    call: (method, path, body, headers) => call(running.url + path, method, body, headers),
    async restart() {
      await running.stop();
      running = await listen(database.url, webhooks, isHeldToDocuments);
    },
    async stop() {
      await running.stop();
      await database.drop();
    },
  };
}

async function listen(databaseUrl: string, webhooks: WebhookReceiver | undefined, isHeldToDocuments: boolean) {
  const logger = createLogger({ level: 'silent', format: 'json' }, 'sandbox');
  const sandbox = await createSandbox({
    databaseUrl,
    logger,
    sweepIntervalMs: 50,
    webhooks: webhooks && { payments: webhooks },
    observe: isHeldToDocuments ? holdToDocuments((deviation) => deviations.push(deviation)) : undefined,
  });
  const server = serve({ fetch: sandbox.app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await sandbox.close();
    },
  };
}

async function call(url: string, method: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
