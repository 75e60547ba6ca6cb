import type { OrderEvent } from '../domain/order-event.ts';

/** What a delivery came to, when the sink was there to take it. */
export interface DeliveryReport {
  /**
   * Events that the sink does not take, for what they are: such as one that is too large. Of each order the first that was rejected, as none of
   * that order's later events is delivered after it.
   */
  readonly rejected: readonly { readonly id: number; readonly reason: string }[];
}

/** Where events go. */
export interface EventSink {
  /** Under which its cursor is kept, and which metrics show. */
  readonly name: string;
  /**
   * Delivers events, each order's in the order given. Resolves when the sink has all of them but those that it rejected and the later ones of the
   * same orders. Rejects when the sink is away: nothing is known then, and everything is sent again later. Settles within a few seconds.
   */
  readonly deliver: (events: readonly OrderEvent[]) => Promise<DeliveryReport>;
  readonly close: () => Promise<void>;
}

/** A sink that this process can deliver to, or one that is a table beside the events. */
export type SinkSource = OpenableSink | CopyingSink;

interface NamedSink {
  readonly name: string;
  /** `configured`: from its first start on. `registered`: as long as `event_sinks` has a row with its name, which others add and remove. */
  readonly active: 'configured' | 'registered';
}

/** A sink that is a table of the same database: what it takes of the next events, and its cursor, are written by one statement. */
export interface CopyingSink extends NamedSink {
  /** Takes the next events; returns whether there are probably more. Rejects when the database is away. */
  readonly copy: () => Promise<boolean>;
}

/** A sink that is opened, and delivered to. */
export interface OpenableSink extends NamedSink {
  /** Loads and opens it; called when there is something to deliver, and again after it has failed. */
  readonly open: () => Promise<EventSink>;
}
