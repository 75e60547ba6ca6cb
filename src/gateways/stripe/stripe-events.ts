import type { Logger } from '../../logger.ts';
import { readStripeEvent, type StripeEventSubject, type StripeNews } from './read-event.ts';
import { openStripe, type StripeSettings } from './stripe-api.ts';
import type { StripeRecords } from './stripe-records.ts';

/** Reads what an event of Stripe's leads to, by {@link readStripeEvent}; Stripe's library is loaded with the first one. */
export function stripeEventReader(
  settings: StripeSettings,
  records: StripeRecords,
  logger: Logger,
): (event: StripeEventSubject) => Promise<readonly StripeNews[]> {
  let opened: ReturnType<typeof openStripe> | undefined;
  return async (event) => {
    opened ??= openStripe(settings, logger);
    return readStripeEvent({ api: await opened, records, settings }, event);
  };
}
