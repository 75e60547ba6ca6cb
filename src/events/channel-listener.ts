import { Client, type ClientConfig } from 'pg';
import type { Logger } from '../logger.ts';

/** How long after the loss of its connection the listener reconnects. */
const RECONNECT_MS = 500;

/** How often the connection is probed: one whose other end vanished without closing it is noticed only by a query that is not answered. */
const PROBE_INTERVAL_MS = 5_000;

const limits = {
  // A busy server takes a while to accept a connection; one that does not answer at all is tried again.
  connectionTimeoutMillis: 4_000,
  // `listen`, which is the probe as well, takes a moment; a server that takes longer counts as lost.
  query_timeout: 4_000,
  keepAlive: true,
} satisfies ClientConfig;

/** What a listener does with what it hears. */
export interface ChannelListener {
  readonly channels: readonly string[];
  readonly onPayload: (payload: string, channel: string) => void;
  /** Notifications may have been missed: called whenever the connection is established. */
  readonly onMissed?: () => void;
}

/** A listener at work. */
export interface Listening {
  /** Listens on these channels from now on, and on no others. */
  readonly listenOn: (channels: readonly string[]) => void;
  readonly close: () => Promise<void>;
}

/**
 * Listens on a connection of its own and reconnects whenever it is lost. Notifications sent meanwhile are missed, so a
 * listener also looks by itself: when `onMissed` is called, or now and then.
 */
export function listenOnChannels(databaseUrl: string, listener: ChannelListener, logger: Logger): Listening {
  const { onPayload, onMissed } = listener;
  let { channels } = listener;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  // Listening twice has no further effect, so the same statement is the probe.
  const listen = (to: Client) => to.query(channels.map((channel) => `listen ${channel}`).join('; '));
  const connect = async () => {
    const next = new Client({ connectionString: databaseUrl, application_name: 'order-saga-listener', ...limits });
    client = next;
    next.on('notification', ({ payload, channel }) => {
      onPayload(payload ?? '', channel);
    });
    const onLost = () => {
      reconnect(next);
    };
    next.on('error', onLost);
    next.on('end', onLost);
    try {
      await next.connect();
      await listen(next);
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
      await listen(probed);
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
  const change = async (changed: Client, given: readonly string[]) => {
    try {
      for (const channel of given) await changed.query(`unlisten ${channel}`);
      await listen(changed);
    } catch {
      reconnect(changed);
    }
  };
  void connect();
  return {
    listenOn: (next) => {
      const given = channels.filter((channel) => !next.includes(channel));
      channels = next;
      // One that is connecting listens on them then.
      if (client) void change(client, given);
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
