import { findLastWrite, noteWriterInBatch } from './recent-writers.ts';
import { ReplicaLostError, type Replica } from './replica.ts';
import type { Db } from './schema.ts';

/** Reads lists, exports and reports, which may come from a replica. */
export interface Reader {
  /** Runs `read`, which changes nothing and may run twice. `subject` sees all that they have written themselves. */
  readonly read: <T>(subject: string, read: (db: Db) => Promise<T>) => Promise<T>;
  /** Notes that `subject` may have written. Rejects while the database is unavailable. */
  readonly noteWriter: (subject: string) => Promise<void>;
}

/** A reader of `primary` alone. */
export function readPrimary(primary: Db): Reader {
  return { read: (_, read) => read(primary), noteWriter: () => Promise.resolve() };
}

/**
 * A reader of the replica while it is reachable, not too far behind, and has what the subject has written; otherwise of the primary. What a
 * subject wrote longer ago than the replica may lag need not be looked for.
 */
export function readReplica(primary: Db, replica: Replica): Reader {
  const mayServe = async (subject: string): Promise<boolean> => {
    if (replica.state() !== 'ok') return false;
    const lastWrite = await findLastWrite(primary, subject, replica.maxLagMs + MARGIN_MS);
    return lastWrite === undefined || (await replica.read(() => replica.hasReplayed(lastWrite)));
  };
  return {
    read: async (subject, read) => {
      try {
        if (await mayServe(subject)) return await replica.read(read);
      } catch (error) {
        if (!(error instanceof ReplicaLostError)) throw error;
      }
      return read(primary);
    },
    noteWriter: (subject) => noteWriterInBatch(primary, subject),
  };
}

/** Between two looks at the replica it may fall behind a little more than it may. */
const MARGIN_MS = 5_000;
