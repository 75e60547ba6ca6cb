import type Stripe from 'stripe';
import { GatewayError } from '../gateway-error.ts';
import type { NextAction } from '../../domain/next-action.ts';
import type { ChargeOutcome } from '../payment.ts';

/** How a charge that is made by this intent came out, as the intent stands. An intent that is cancelled was declined or has expired. */
export function outcomeOf(intent: Stripe.PaymentIntent): ChargeOutcome {
  const { id: paymentId, status } = intent;
  switch (status) {
    case 'succeeded':
      return { outcome: 'captured', paymentId };
    case 'requires_capture': {
      const expiresAt = captureBefore(intent);
      return { outcome: 'authorized', paymentId, ...(expiresAt !== undefined && { expiresAt }) };
    }
    case 'requires_action':
      return { outcome: 'action_required', paymentId, nextAction: nextActionOf(intent) };
    case 'requires_payment_method':
    case 'canceled':
      return { outcome: 'declined', declineCode: declineCodeOf(intent) };
    case 'processing':
    case 'requires_confirmation':
      return { outcome: 'pending', paymentId };
    default:
      return unknownStatus(status);
  }
}

/** A status of a newer version of the API, or of a payment method that is not confirmed at once. */
function unknownStatus(status: string): never {
  throw new GatewayError('unknown', 'payment', `Stripe answered with the status ${status}, which is not known here`);
}

/** Until when an authorisation can be captured, RFC 3339. */
function captureBefore({ latest_charge: charge }: Stripe.PaymentIntent): string | undefined {
  const details = typeof charge === 'object' ? charge?.payment_method_details : undefined;
  const seconds = details?.card?.capture_before ?? details?.card_present?.capture_before;
  return typeof seconds === 'number' ? new Date(seconds * 1_000).toISOString() : undefined;
}

function nextActionOf({ next_action: action, client_secret: secret }: Stripe.PaymentIntent): NextAction {
  const url = action?.redirect_to_url?.url;
  if (typeof url === 'string') return { type: 'redirect', url };
  return { type: 'use_sdk', client_secret: secret ?? '' };
}

function declineCodeOf({ last_payment_error: error, cancellation_reason: reason }: Stripe.PaymentIntent): string {
  const code = error?.decline_code ?? error?.code;
  if (code != null) return code;
  return reason === null || reason === undefined ? 'payment_canceled' : `payment_canceled_${reason}`;
}
