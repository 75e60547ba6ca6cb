import { z } from '@hono/zod-openapi';
import { sagaActions } from '../../domain/saga.ts';
import { stallCauses, type Stall, type WaitCause } from '../../domain/waiting-order.ts';
import { timeSchema } from './order-schema.ts';

const meanings: Readonly<Record<WaitCause, string>> = {
  RETRYING: 'the step fails and is tried again',
  NEEDS_ATTENTION: 'an operator has to decide',
  PAUSED: 'somebody paused an activity or the workflow in Temporal',
  TASK_FAILING: 'its workflow tasks fail',
  KEY_MISSING: 'what it has to read is encrypted with a key that `PAYLOAD_KEYS` lacks',
  NO_WORKER: 'it has something to do, and no worker takes it',
  NOT_STARTED: 'it is accepted, and its workflow has not begun',
};

/** What each of these causes means, for the API's document. */
export function describeCauses(causes: readonly WaitCause[]): string {
  return causes.map((cause) => `\`${cause}\`: ${meanings[cause]}.`).join(' ');
}

/** What an order waits for of which only Temporal knows, on the wire. */
const stallSchema = z
  .strictObject({
    cause: z.enum(stallCauses).openapi({ description: describeCauses(stallCauses) }),
    step: z.enum(sagaActions).nullable().openapi({ description: 'Null when it waits in none.' }),
    since: timeSchema,
    attempts: z.int(),
    last_error: z.string().nullable(),
  })
  .openapi('OrderStall');

/** The field of an order's stall; null when it was not seen to wait so. */
export const stallField = stallSchema.nullable().openapi({
  description: 'What the order waits for of which only Temporal knows; null when it was not seen to wait so.',
});

/** A stall as staff see it. */
export function stallView(stall: Stall | undefined): z.input<typeof stallField> {
  if (!stall) return null;
  const { cause, step, since, attempts, lastError } = stall;
  return { cause, step, since: since.toISOString(), attempts, last_error: lastError };
}
