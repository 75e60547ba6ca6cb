import { createHash } from 'node:crypto';
import type { Priority } from '@temporalio/common';
import type { SagaConfig } from '../config.ts';
import type { StartableOrder } from './order-commands.ts';

/** Temporal's levels go from 1, the first, to 5; 3 is what has none, such as an import's own workflow. */
const PLACED_ALONE = 2;
const OF_AN_IMPORT = 4;

/** Longest key that Temporal takes, in bytes. */
const MAX_KEY_BYTES = 64;

/** Which place an order's tasks have among others that wait in Temporal, as the settings say; nothing where they say nothing. */
export function orderPriority(
  order: Pick<StartableOrder, 'batchId' | 'placedByService' | 'customerId'>,
  { hasPriorities, fairness }: SagaConfig['temporal'],
): { readonly priority?: Priority } {
  const key = fairness === 'customer' ? order.customerId : order.placedByService;
  const priority: Priority = {
    ...(hasPriorities && { priorityKey: order.batchId ? OF_AN_IMPORT : PLACED_ALONE }),
    // Orders without a shop take turns as one.
    ...(fairness !== undefined && { fairnessKey: shorten(key ?? '') }),
  };
  return Object.keys(priority).length === 0 ? {} : { priority };
}

function shorten(key: string): string {
  if (Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
  return createHash('sha256').update(key).digest('hex');
}
