import { Client, type ClientConfig } from 'pg';
import type { Logger } from '../logger.ts';

/** How long after the loss of its connection the listener tries again. */
const RECONNECT_MS = 500;

/** A connection whose other end vanished without a word is noticed by a question that it does not answer. */
const PROBE_INTERVAL_MS = 5_000;

const limits = {
  // A server that is busy takes a while; one that does not answer at all is tried again.
  connectionTimeoutMillis: 4_000,
  // `listen` and the probe take a moment; longer means that nobody is there.
  query_timeout: 4_000,
  keepAlive: true,
} satisfies ClientConfig;

/** Who hears of what is sent on which channel; `missed` is told whenever something may have been sent that nobody heard. */
export interface ChannelListener {
  readonly channels: readonly string[];
  readonly onPayload: (payload: string, channel: string) => void;
  readonly onMissed?: () => void;
}

/**
 * Listens on a connection of its own, which is opened again whenever it is lost; what is sent meanwhile is missed,
 * so a listener looks for itself when it is told so, or now and then.
 */
export function listenOn(
  databaseUrl: string,
  listener: ChannelListener,
  logger: Logger,
): { readonly close: () => Promise<void> } {
  const { channels, onPayload, onMissed } = listener;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  // Listening twice is listening once, so that this is the probe as well.
  const listenAgain = (to: Client) => to.query(channels.map((channel) => `listen ${channel}`).join('; '));
  const connect = async () => {
    const next = new Client({ connectionString: databaseUrl, application_name: 'order-saga-listener', ...limits });
    client = next;
    next.on('notification', ({ payload, channel }) => {
      onPayload(payload ?? '', channel);
    });
    const lost = () => {
      reconnect(next);
    };
    next.on('error', lost);
    next.on('end', lost);
    try {
      await next.connect();
      await listenAgain(next);
      onMissed?.();
      probeLater(next);
    } catch (error) {
      logger.debug({ err: error }, 'not listening for changes');
      reconnect(next);
    }
  };
  const probeLater = (probed: Client) => {
    if (closed || client !== probed) return;
    timer = setTimeout(() => void probe(probed), PROBE_INTERVAL_MS);
  };
  const probe = async (probed: Client) => {
    try {
      await listenAgain(probed);
      probeLater(probed);
    } catch {
      reconnect(probed);
    }
  };
  const reconnect = (lost: Client) => {
    if (closed || client !== lost) return;
    client = undefined;
    clearTimeout(timer);
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
