import { setTimeout as delay } from 'node:timers/promises';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { KeyRing } from '../key-ring.ts';
import type { Logger } from '../logger.ts';
import { createDataConverter } from './data-converter.ts';
import { sendRequestId } from './request-id.ts';
import { isTracing } from '../tracing/trace.ts';

/** A connection that client and worker share, which is what lets a workflow start eagerly on this process's worker. */
export interface TemporalConnection {
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
  /** What client and worker encrypt with; `undefined` when nothing is encrypted. */
  readonly keys?: KeyRing | undefined;
  /** How they do. */
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

/** Adds a client to a connection: what it sends names the request that it is sent for, and is encrypted with `keys`. */
export function withClient(
  connection: NativeConnection,
  namespace: string,
  keys: KeyRing | undefined,
  others: readonly WorkflowClientInterceptor[] = [],
): TemporalConnection {
  const dataConverter = keys && createDataConverter(keys);
  const interceptors = { workflow: [sendRequestId(keys), leaveOutMemo, ...others] };
  const client = new Client({ connection, namespace, interceptors, ...(dataConverter && { dataConverter }) });
  return { connection, client, namespace, keys, dataConverter };
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
  const others = isTracing() ? [(await import('./trace-client.ts')).traceClient] : [];
  for (;;) {
    try {
      return withClient(await NativeConnection.connect(connectionOptions), namespace, keys, others);
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
