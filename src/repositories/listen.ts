import { Client } from 'pg';
import type { Logger } from '../logger.ts';

/** How long after the loss of its connection the listener tries again. */
const RECONNECT_MS = 500;

/**
 * Listens on `channel` on a connection of its own, which is opened again whenever it is lost; what is sent meanwhile is missed,
 * so a listener looks for itself now and then as well.
 */
export function listenOn(
  databaseUrl: string,
  channel: string,
  logger: Logger,
  onPayload: (payload: string) => void,
): { readonly close: () => Promise<void> } {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const connect = async () => {
    const next = new Client({
      connectionString: databaseUrl,
      application_name: 'order-saga-listener',
      keepAlive: true,
    });
    client = next;
    next.on('notification', ({ payload }) => {
      onPayload(payload ?? '');
    });
    next.on('error', () => {
      reconnect(next);
    });
    next.on('end', () => {
      reconnect(next);
    });
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
    } catch (error) {
      logger.debug({ err: error }, 'not listening for changes');
      reconnect(next);
    }
  };
  const reconnect = (lost: Client) => {
    if (closed || client !== lost) return;
    client = undefined;
    lost.end().catch(() => {});
    timer = setTimeout(() => void connect(), RECONNECT_MS);
  };
  void connect();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
