import { setTimeout as delay } from 'node:timers/promises';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { KeyRing } from '../key-ring.ts';
import type { Logger } from '../logger.ts';
import { sendRequestId } from './request-id.ts';
import { isTracing } from '../tracing/trace.ts';

/** A connection that client and worker share, which is what lets a workflow start eagerly on this process's worker. */
export interface TemporalConnection {
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
  /** How the client encrypts, and with it the worker; `undefined` when nothing is encrypted. */
  readonly dataConverter?: DataConverter | undefined;
}

/** Leaves the memo out of every description: it is not used, and failing to decrypt it would fail the whole description. */
const leaveOutMemo: WorkflowClientInterceptor = {
  describe: async (input, next) => {
    const described = await next(input);
    if (described.workflowExecutionInfo) described.workflowExecutionInfo.memo = null;
    return described;
  },
};

/** A client on a connection: what it sends names the request that it is sent for. */
export function createClient(
  connection: NativeConnection,
  namespace: string,
  dataConverter: DataConverter | undefined,
  others: readonly WorkflowClientInterceptor[] = [],
): Client {
  const interceptors = { workflow: [sendRequestId, leaveOutMemo, ...others] };
  return new Client({ connection, namespace, interceptors, ...(dataConverter && { dataConverter }) });
}

/** Pause between two attempts to connect. */
const CONNECT_RETRY_MS = 500;

/**
 * Connects to the Temporal that the environment names (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, profiles, TLS, API key:
 * https://docs.temporal.io/develop/environment-configuration), retrying until it answers. With `keys` everything that goes into
 * Temporal is encrypted. Rejects when `signal` aborts.
 */
export async function connectTemporal(
  logger: Logger,
  signal: AbortSignal,
  keys: KeyRing | undefined,
): Promise<TemporalConnection> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const dataConverter = keys && (await import('./data-converter.ts')).createDataConverter(keys);
  const others = isTracing() ? [(await import('./trace-client.ts')).traceClient] : [];
  for (;;) {
    try {
      const connection = await NativeConnection.connect(connectionOptions);
      const client = createClient(connection, namespace, dataConverter, others);
      return { connection, client, namespace, dataConverter };
    } catch (error) {
      logger.warn({ err: error, address: connectionOptions.address }, 'Temporal is not reachable yet');
      await delay(CONNECT_RETRY_MS, undefined, { signal });
    }
  }
}

/** A connection to Temporal that is made in the background. */
export interface TemporalConnector {
  /** The connection; `undefined` until it is made. */
  readonly current: () => TemporalConnection | undefined;
  readonly ready: Promise<TemporalConnection>;
  readonly close: () => Promise<void>;
}

/** Connects in the background, so that an API accepts orders while Temporal is unavailable. */
export function connectInBackground(logger: Logger, keys: KeyRing | undefined): TemporalConnector {
  const closing = new AbortController();
  let current: TemporalConnection | undefined;
  const ready = connectTemporal(logger, closing.signal, keys).then((temporal) => (current = temporal));
  ready.catch(() => {});
  return {
    current: () => current,
    ready,
    close: async () => {
      closing.abort();
      await current?.connection.close();
    },
  };
}

/** Whether Temporal answers right now. */
export async function isTemporalReady(connector: TemporalConnector): Promise<boolean> {
  const temporal = connector.current();
  if (!temporal) return false;
  return temporal.connection
    .withDeadline(Date.now() + 1_000, () => temporal.connection.workflowService.getSystemInfo({}))
    .then(
      () => true,
      () => false,
    );
}
