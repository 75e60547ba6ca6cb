import type { Logger } from '../logger.ts';

/** Redis answers within a millisecond; whoever waits for longer is better served by PostgreSQL. */
const ANSWER_LIMIT_MS = 50;

/** A probe may find a server that has only just started. */
const PROBE_LIMIT_MS = 250;

/** How long Redis is left alone after it has failed. */
const RETRY_MS = 1_000;

/** Redis counts as being back once it has been used for so long; a server that fails again and again is logged once. */
const STEADY_MS = 5_000;

/** Redis is away, slow or refuses, or was a moment ago. Whoever asked does without. */
class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
}

/** A Redis server that may be away: it is asked only while it answers quickly. */
export interface Redis {
  readonly isUsed: () => boolean;
  /**
   * Rejects with {@link RedisUnavailableError} when there is no answer within `limitMs`, 50 by default; from then on at once, until a probe is answered. A server
   * that is full refuses what would be added, and is asked for the rest.
   */
  readonly ask: <T>(command: (client: RedisClient) => Promise<T>, limitMs?: number) => Promise<T>;
  /** Sends a command without waiting, also to a server that is not used because it was slow. */
  readonly send: (command: (client: RedisClient) => Promise<unknown>) => void;
  /** As it was last known: another one after each start of the server, which may have restored what it held long ago. */
  readonly runId: () => string;
  /** The server's clock, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /**
   * Runs `prepare` whenever the server has come back, before it is used, and once more when it is, for what came meanwhile; when it rejects, the
   * server is not used.
   */
  readonly beforeUse: (prepare: Preparation) => void;
  readonly close: () => Promise<void>;
}

/** What is done with a server that has come back. */
export type Preparation = (client: RedisClient, runId: string) => Promise<void>;

/** A client of the `redis` package, which is loaded only where a server is set. */
export type RedisClient = Awaited<ReturnType<typeof createRedisClient>>;

/** Opens the server at `url`, if there is one, without waiting for it. That it isn't used, or is again, is logged once each time. */
export async function openRedis(url: string | undefined, logger: Logger): Promise<Redis | undefined> {
  if (url === undefined) return undefined;
  const client = await createRedisClient(url);
  const preparations: Preparation[] = [];
  let server: Server | undefined;
  let runId = '';
  const availability = logAvailability(logger);
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const leaveAlone = (error: unknown) => {
    server = undefined;
    if (isClosed) return;
    availability.away(error);
    clearTimeout(timer);
    timer = setTimeout(() => void probe(), RETRY_MS);
  };
  const probe = async () => {
    try {
      const found = await within(PROBE_LIMIT_MS, probeServer(client));
      const prepareAll = () => Promise.all(preparations.map((prepare) => prepare(client, found.runId)));
      await within(PROBE_LIMIT_MS, prepareAll());
      [server, runId] = [found, found.runId];
      within(PROBE_LIMIT_MS, prepareAll()).catch(leaveAlone);
      clearTimeout(timer);
      timer = setTimeout(availability.back, STEADY_MS).unref();
    } catch (error) {
      leaveAlone(error);
    }
  };
  client.on('error', leaveAlone);
  client.on('ready', () => void probe());
  client.connect().catch(leaveAlone);
  return {
    isUsed: () => server !== undefined,
    ask: async (command, limitMs = ANSWER_LIMIT_MS) => {
      if (!server) throw new RedisUnavailableError('Redis is not used at the moment');
      try {
        return await within(limitMs, command(client));
      } catch (error) {
        if (isFullError(error)) availability.full();
        else leaveAlone(error);
        throw new RedisUnavailableError('Redis did not answer', { cause: error });
      }
    },
    send: (command) => {
      if (client.isReady) command(client).catch(() => {});
    },
    runId: () => runId,
    nowMs: () => performance.now() + (server?.clockOffsetMs ?? 0),
    beforeUse: (prepare) => preparations.push(prepare),
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      client.destroy();
      return Promise.resolve();
    },
  };
}

/** Logs that Redis is away or full once, however often it is said, until it is back. */
function logAvailability(logger: Logger) {
  let isAway = false;
  let isFull = false;
  return {
    away: (error: unknown) => {
      if (!isAway) logger.warn({ reason: reasonOf(error) }, 'Redis is not used: PostgreSQL answers');
      isAway = true;
    },
    full: () => {
      if (!isFull) logger.warn('Redis is full: PostgreSQL answers what it cannot hold');
      isFull = true;
    },
    back: () => {
      if (isAway) logger.info('Redis is used again');
      isAway = false;
    },
  };
}

interface Server {
  readonly runId: string;
  /** What turns this process's `performance.now()` into the server's clock. */
  readonly clockOffsetMs: number;
}

async function createRedisClient(url: string) {
  const { createClient } = await import('redis');
  return createClient({
    url,
    name: 'order-saga',
    disableOfflineQueue: true,
    // What a server that answers nothing may leave behind.
    commandsQueueMaxLength: 50_000,
    maintNotifications: 'disabled',
    socket: { connectTimeout: 4_000, reconnectStrategy: RETRY_MS },
  });
}

async function probeServer(client: RedisClient): Promise<Server> {
  const [info, [seconds = '', microseconds = '']] = await Promise.all([
    client.info('server'),
    client.sendCommand<string[]>(['TIME']),
  ]);
  const runId = /^run_id:(\w+)/m.exec(info)?.[1];
  if (runId === undefined) throw new Error('INFO has no run_id');
  const clockMs = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  return { runId, clockOffsetMs: clockMs - performance.now() };
}

async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    // An answer that has come while this process was busy is read first.
    setImmediate(() => {
      reject(new Error(`no answer within ${limitMs} ms`));
    });
  }, limitMs);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => {});
  }
}

function isFullError(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('OOM');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
