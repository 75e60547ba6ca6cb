import { GatewayError } from '../gateway-error.ts';
import { readStripeFailure } from './stripe-error.ts';

/** How many of Stripe's idempotency keys are tried for one request; each is used up by an error of Stripe's own. */
const MAX_KEYS = 5;

/**
 * Makes a request that changes something, by an idempotency key. An error 5xx is saved with its key for a day and says nothing of what may be
 * done now: the next key is used. Whoever calls this has looked whether the request had its effect.
 */
export async function pastSavedErrors<T>(key: string, request: (idempotencyKey: string) => Promise<T>): Promise<T> {
  for (let used = 0; ; used += 1) {
    try {
      return await request(used === 0 ? key : `${key}:again:${used}`);
    } catch (error) {
      if (used === MAX_KEYS || !isSavedError(error)) throw error;
    }
  }
}

/** Whether an error of Stripe's own is the saved answer to an earlier request. */
export function isSavedError(error: unknown): boolean {
  const failure = error instanceof GatewayError ? readStripeFailure(error.cause) : undefined;
  return failure?.isReplayed === true && failure.status !== undefined && failure.status >= 500;
}
