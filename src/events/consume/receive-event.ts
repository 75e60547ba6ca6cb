/** A message from outside, before anybody has checked what it says. */
export interface ReceivedMessage {
  /** The event in the JSON form of CloudEvents, whichever way it was sent; `undefined` when the message holds none. */
  readonly event: unknown;
  /** Why the message holds no event, for people; `undefined` when it does. */
  readonly fault: string | undefined;
  /** Names the message among those of its source when it has no id of its own, such as its partition and offset. */
  readonly place: string;
  /** The message as it came, as far as it is kept when nothing can be done with it. */
  readonly body: string;
}

/**
 * Keeps a message from `source` for good, once however often it comes. Resolves when it is kept, whatever it says; rejects when it may not be,
 * and the same message must then be handed over again.
 */
export type ReceiveEvent = (source: string, message: ReceivedMessage) => Promise<void>;
