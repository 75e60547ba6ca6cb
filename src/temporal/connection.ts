import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from '../logger.ts';

/** A connection that client and worker share, which is what lets a workflow start eagerly on this process's worker. */
export interface TemporalConnection {
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
}

/** Pause between two attempts to connect. */
const CONNECT_RETRY_MS = 500;

/**
 * Connects to the Temporal that the environment names (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, profiles, TLS, API key:
 * https://docs.temporal.io/develop/environment-configuration), retrying until it answers. Rejects when `signal` aborts.
 */
export async function connectTemporal(logger: Logger, signal: AbortSignal): Promise<TemporalConnection> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  for (;;) {
    try {
      const connection = await NativeConnection.connect(connectionOptions);
      return { connection, client: new Client({ connection, namespace }), namespace };
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
export function connectInBackground(logger: Logger): TemporalConnector {
  const closing = new AbortController();
  let current: TemporalConnection | undefined;
  const ready = connectTemporal(logger, closing.signal).then((temporal) => (current = temporal));
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
