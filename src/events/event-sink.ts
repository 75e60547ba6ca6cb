import type { OrderEvent } from '../domain/order-event.ts';

/** What a sink is called in the metrics: live listeners alone, or the receiver at `EVENTS_URL` too. */
export type SinkName = 'sse' | 'webhook';

/** Where events go. */
export interface EventSink {
  /** For the metrics. */
  readonly name: SinkName;
  /**
   * Delivers events in the order given, and none of an order after one of that order that failed.
   * Returns the ids of those that were delivered; every other one is delivered again later, as are all when it rejects.
   */
  readonly deliver: (events: readonly OrderEvent[]) => Promise<readonly number[]>;
}
