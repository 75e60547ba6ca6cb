import type { OrderEvent } from '../domain/order-event.ts';

/** Where events go. */
export interface EventSink {
  /**
   * Delivers events in the order given, and none of an order after one of that order that failed.
   * Returns the ids of those that were delivered; every other one is delivered again later, as are all when it rejects.
   */
  readonly deliver: (events: readonly OrderEvent[]) => Promise<readonly number[]>;
}
