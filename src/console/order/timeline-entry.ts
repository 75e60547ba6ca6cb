import type { Tone } from '../ui/badge.ts';
import type { OrderDetails } from './order-details.ts';

/** What an entry of the timeline is about, for its filter. */
export type EntryKind = 'status' | 'step' | 'money' | 'goods' | 'message' | 'note' | 'decision';

/** Something that happened to an order. */
export interface TimelineEntry {
  readonly at: string;
  readonly kind: EntryKind;
  readonly tone: Tone;
  readonly title: string;
  /** What else is known of it, a sentence each. */
  readonly details: readonly string[];
  /** Who did it, where that was a person or another system. */
  readonly actor?: string | undefined;
}

/** One of what a part of the details lists. */
export type One<Name extends keyof OrderDetails> = OrderDetails[Name] extends readonly (infer Item)[] ? Item : never;
