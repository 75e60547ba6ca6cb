import type { Life } from './live-order.ts';
import type { Reading } from './read-everything.ts';

/** What is compared: what clients saw, the stock at the start, and everything as it stands at the end. */
export interface Evidence {
  readonly lives: readonly Life[];
  readonly stockAtStart: ReadonlyMap<string, number>;
  readonly now: Reading;
  /** Ids of events as a receiver first got them, by order. */
  readonly received: ReadonlyMap<string, readonly number[]>;
  /** Whether payments are captured as their goods are shipped. */
  readonly isCapturedLater: boolean;
}

/** What differs from what must be, and of which order, where it is one's. */
export interface Breach {
  readonly orderId?: string | undefined;
  readonly what: string;
}
