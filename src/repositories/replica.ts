import type { Logger } from '../logger.ts';
import { isDatabaseUnavailable, openDatabase } from './database.ts';
import { findReplayedPosition, findWrittenPosition, type LogPosition } from './recent-writers.ts';
import type { Db } from './schema.ts';

/** How often the replica is compared with the primary, which tells how far it lags: two statements of some ten microseconds. */
const COMPARE_MS = 500;

/** A replica that takes longer than this to say how far it has come counts as unavailable. */
const ANSWER_LIMIT_MS = 1_000;

/** Whether the replica may be read. */
export type ReplicaState = 'ok' | 'lagging' | 'unavailable';

/** A replica of the database that is read while it is reachable and not further behind than it may be. */
export interface Replica {
  readonly state: () => ReplicaState;
  /** How far it is behind at most, in milliseconds: infinite until it is known. */
  readonly maxLagMs: number;
  readonly hasReplayed: (position: LogPosition) => Promise<boolean>;
  /** Runs `read` on it; rejects with {@link ReplicaLostError} as soon as it is lost. */
  readonly read: <T>(read: (db: Db) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The replica became unavailable while it was read; the primary can answer. */
export class ReplicaLostError extends Error {
  override readonly name = 'ReplicaLostError';
}

/** Where the replica is, if there is one, and how far behind it may be. */
export interface ReplicaOptions {
  readonly readUrl: string | undefined;
  readonly readMaxLagMs: number;
  readonly poolMax: number;
}

/**
 * Opens the replica that follows `primary`, if there is one, and compares it with it until closed. What becomes of it is logged whenever it
 * changes.
 */
export function openReplica(
  primary: Db,
  { readUrl, readMaxLagMs: maxLagMs, poolMax }: ReplicaOptions,
  logger: Logger,
): Replica | undefined {
  if (readUrl === undefined) return undefined;
  const { db, close } = openDatabase(readUrl, { max: poolMax, name: 'order-saga-reader', onError: () => {} });
  const watch = watchLag(primary, db, maxLagMs, logger);
  return {
    state: watch.state,
    maxLagMs,
    hasReplayed: async (position) =>
      watch.replayed() >= position || ((await findReplayedPosition(db)) ?? Number.NEGATIVE_INFINITY) >= position,
    read: async (read) => {
      try {
        return await watch.untilLost(read(db));
      } catch (error) {
        if (!isDatabaseUnavailable(error)) throw error;
        // A long read that is in the way of replaying is cancelled, too: the replica is none the worse for it.
        throw new ReplicaLostError('the replica became unavailable', { cause: error });
      }
    },
    close: async () => {
      watch.stop();
      await close();
    },
  };
}

/**
 * Notes where the primary's log stands, again and again, and sees when the replica has come so far: it then has all that was written
 * before the note was made. Clocks and pauses in which nothing is written don't matter.
 */
function watchLag(primary: Db, replica: Db, maxLagMs: number, logger: Logger) {
  let state: ReplicaState = 'unavailable';
  let replayed: LogPosition = Number.NEGATIVE_INFINITY;
  let freshAsOf = Number.NEGATIVE_INFINITY;
  let notes: { readonly position: LogPosition; readonly at: number }[] = [];
  const abandonReads = new Set<(error: ReplicaLostError) => void>();
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const change = (to: ReplicaState, error?: unknown) => {
    if (state === to) return;
    if (to === 'ok') logger.info('the replica is read');
    else logger.warn({ state: to, err: error }, 'the replica is not read: the primary answers');
    state = to;
    if (to !== 'unavailable') return;
    const lost = new ReplicaLostError('the replica became unavailable', { cause: error });
    for (const abandon of abandonReads) abandon(lost);
  };
  const compare = async () => {
    const at = performance.now();
    const position = await findWrittenPosition(primary).catch(() => undefined);
    if (position !== undefined) notes.push({ position, at });
    // A primary that comes back may have forgotten who wrote what: the replica has to come up to where its log stands then.
    else [notes, freshAsOf] = [[], Number.NEGATIVE_INFINITY];
    const found = await within(ANSWER_LIMIT_MS, findReplayedPosition(replica));
    if (found === null) throw new Error('DATABASE_READ_URL is no replica');
    replayed = found;
    for (const note of notes) if (note.position <= found) freshAsOf = note.at;
    notes = notes.filter((note) => note.position > found).slice(-MAX_NOTES);
    change(performance.now() - freshAsOf <= maxLagMs ? 'ok' : 'lagging');
  };
  const run = async () => {
    await compare().catch((error: unknown) => {
      change('unavailable', error);
    });
    if (!isStopped) timer = setTimeout(() => void run(), COMPARE_MS);
  };
  void run();
  return {
    state: () => state,
    replayed: () => replayed,
    untilLost: <T>(reading: Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        abandonReads.add(reject);
        void reading.then(resolve, reject).finally(() => abandonReads.delete(reject));
      }),
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Notes that the replica has not come to yet: with the latest of two minutes it is soon known to be fresh again. */
const MAX_NOTES = 240;

async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`no answer within ${limitMs} ms`));
  }, limitMs);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => {});
  }
}
