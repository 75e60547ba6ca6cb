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
  /** Channels were added, and are heard from now on: what came before on them was not. */
  readonly onAdded?: () => void;
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
  return new Listener(databaseUrl, listener, logger);
}

class Listener implements Listening {
  readonly #databaseUrl: string;
  readonly #listener: ChannelListener;
  readonly #logger: Logger;
  #channels: readonly string[];
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(databaseUrl: string, listener: ChannelListener, logger: Logger) {
    this.#databaseUrl = databaseUrl;
    this.#listener = listener;
    this.#logger = logger;
    this.#channels = listener.channels;
    void this.#connect();
  }

  listenOn(channels: readonly string[]): void {
    const left = this.#channels.filter((channel) => !channels.includes(channel));
    const isNew = channels.some((channel) => !this.#channels.includes(channel));
    this.#channels = channels;
    // A connection that is being made listens on them as soon as it is there.
    if (this.#client && !this.#isClosed && (isNew || left.length > 0)) void this.#change(this.#client, left, isNew);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#databaseUrl,
      application_name: 'order-saga-listener',
      ...limits,
    });
    this.#client = client;
    client.on('notification', ({ payload, channel }) => {
      this.#listener.onPayload(payload ?? '', channel);
    });
    const onLost = () => {
      this.#reconnect(client);
    };
    client.on('error', onLost);
    client.on('end', onLost);
    try {
      await client.connect();
      await this.#listen(client);
      this.#listener.onMissed?.();
      this.#probeLater(client);
    } catch (error) {
      this.#logger.debug({ err: error }, 'not listening for changes');
      this.#reconnect(client);
    }
  }

  /** Listening twice has no further effect, so the same statement is the probe. */
  async #listen(client: Client): Promise<void> {
    await client.query(this.#channels.map((channel) => `listen ${channel}`).join('; '));
  }

  async #change(client: Client, left: readonly string[], isNew: boolean): Promise<void> {
    try {
      for (const channel of left) await client.query(`unlisten ${channel}`);
      await this.#listen(client);
      if (isNew) this.#listener.onAdded?.();
    } catch {
      this.#reconnect(client);
    }
  }

  #probeLater(client: Client): void {
    if (this.#isClosed || this.#client !== client) return;
    this.#timer = setTimeout(() => void this.#probe(client), PROBE_INTERVAL_MS);
  }

  async #probe(client: Client): Promise<void> {
    try {
      await this.#listen(client);
      this.#probeLater(client);
    } catch {
      this.#reconnect(client);
    }
  }

  #reconnect(lost: Client): void {
    if (this.#isClosed || this.#client !== lost) return;
    this.#client = undefined;
    clearTimeout(this.#timer);
    lost.end().catch(() => {});
    this.#timer = setTimeout(() => void this.#connect(), RECONNECT_MS);
  }
}
