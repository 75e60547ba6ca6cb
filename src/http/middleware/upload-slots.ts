import { limitConcurrency, type ConcurrencyLimit } from '../../access/concurrency-limit.ts';
import { ProblemError } from '../problems/problem.ts';

/** Files of one sender at a time; the next ones wait for their turn, unread. */
const UPLOADS_OF_ONE = 2;

/** Files of everybody at a time; each holds a few megabytes. */
const MAX_UPLOADS = 40;

/** Runs an upload when it is its sender's turn; nobody waits for the files of somebody else. */
export type UploadSlots = <T>(sender: string, upload: () => Promise<T>) => Promise<T>;

/** Slots for the uploads of a process. Rejects with UNAVAILABLE when there are too many, or the turn comes too late. */
export function createUploadSlots(): UploadSlots {
  const senders = new Map<string, { readonly limit: ConcurrencyLimit; uploads: number }>();
  let running = 0;
  const counted = async <T>(upload: () => Promise<T>): Promise<T> => {
    if (running >= MAX_UPLOADS) throw tooMany();
    running += 1;
    try {
      return await upload();
    } finally {
      running -= 1;
    }
  };
  return async (sender, upload) => {
    const own = senders.get(sender) ?? { limit: limitConcurrency(UPLOADS_OF_ONE), uploads: 0 };
    senders.set(sender, own);
    own.uploads += 1;
    try {
      return await own.limit(() => counted(upload));
    } finally {
      own.uploads -= 1;
      if (own.uploads === 0) senders.delete(sender);
    }
  };
}

function tooMany(): ProblemError {
  return new ProblemError('UNAVAILABLE', 'Too many files are being uploaded right now.', {
    headers: { 'Retry-After': '5' },
  });
}
