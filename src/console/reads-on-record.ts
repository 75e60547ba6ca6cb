import { LRUCache } from 'lru-cache';
import type { SignedIn } from './sign-in/session.ts';

/** What people have open, and when that was last looked at by itself. */
export interface ReadsOnRecord {
  /** Says that a read of it is on record. */
  readonly add: (who: SignedIn, what: string) => void;
  /** Whether it is open: what is then read of it goes on from a read that is on record. */
  readonly has: (who: SignedIn, what: string) => boolean;
}

/** Longer than an open page waits until it looks again, or connects again. */
const KEPT_MS = 10 * 60_000;

/** More than are open at once; who is forgotten is put on record once more. */
const MOST = 10_000;

/**
 * The reads of this process that pages follow by themselves, which are not put on record each time. By what is known here, and not by what
 * a request says: any script can say that it follows a page.
 */
export function createReadsOnRecord(): ReadsOnRecord {
  const kept = new LRUCache<string, true>({ max: MOST, ttl: KEPT_MS, updateAgeOnGet: true });
  return {
    add: (who, what) => void kept.set(keyOf(who, what), true),
    has: (who, what) => kept.get(keyOf(who, what)) === true,
  };
}

function keyOf({ caller }: SignedIn, what: string): string {
  return JSON.stringify([caller.subject, what]);
}
