import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from '../logger.ts';

/** A connection that client and worker share, which is what lets a workflow start eagerly on this process's worker. */
export interface Engine {
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
}

/** How long to wait before trying again to reach a Temporal that is away at start-up. */
const CONNECT_RETRY_MS = 500;

/**
 * Connects to the Temporal that the environment names (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, profiles, TLS, API key:
 * https://docs.temporal.io/develop/environment-configuration), waiting for it as long as it takes. Rejects when `signal` aborts.
 */
export async function connectEngine(logger: Logger, signal: AbortSignal): Promise<Engine> {
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

/** The engine once it is connected; `undefined` before. */
export interface EngineLink {
  readonly current: () => Engine | undefined;
  readonly ready: Promise<Engine>;
  readonly close: () => Promise<void>;
}

/** Connects in the background, so that an API can accept orders while Temporal is away. */
export function linkEngine(logger: Logger): EngineLink {
  const closing = new AbortController();
  let current: Engine | undefined;
  const ready = connectEngine(logger, closing.signal).then((engine) => (current = engine));
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
export async function isEngineReady(link: EngineLink): Promise<boolean> {
  const engine = link.current();
  if (!engine) return false;
  return engine.connection
    .withDeadline(Date.now() + 1_000, () => engine.connection.workflowService.getSystemInfo({}))
    .then(
      () => true,
      () => false,
    );
}
