import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../src/domain/failures.ts';
import type { ChargeRequest } from '../src/gateways/payment.ts';
import type { PayingDependencies } from './customer-action.ts';
import { CustomerActionRequired } from './customer-action-required.ts';
import { payOnce } from './payment.ts';

/** Why a payment can't be renewed that its customer has to confirm. */
const AUTHENTICATION_REQUIRED = 'AUTHENTICATION_REQUIRED';

/** What a new authorisation came to; without `paymentId` when an operator has made the payment by hand. */
export type Renewal = { readonly paymentId: string | undefined } | { readonly declineCode: string };

/**
 * Authorises what an authorisation does not hold any more, once by its key. One that its customer would have to confirm is voided and counts
 * as declined, since the customer is not there to confirm it. While the service has not answered yet, it fails and can be retried.
 */
export async function authorizeAnew(
  dependencies: PayingDependencies,
  wanted: ChargeRequest,
  attempt: Parameters<typeof payOnce>[3],
): Promise<Renewal> {
  try {
    const { paymentId } = await payOnce(dependencies, 'authorize', wanted, attempt);
    return { paymentId };
  } catch (error) {
    if (error instanceof CustomerActionRequired) {
      await dependencies.gateways.payment.voidCharge(wanted.orderId, wanted.idempotencyKey, wanted.currency);
      return { declineCode: AUTHENTICATION_REQUIRED };
    }
    if (!(error instanceof ApplicationFailure)) throw error;
    // No message from the service reaches this activity, so it is retried until the answer is there.
    if (error.type === failureTypes.awaitingAnswer) {
      throw ApplicationFailure.create({ message: error.message, type: error.type, nonRetryable: false });
    }
    if (error.type !== failureTypes.paymentDeclined) throw error;
    const [code] = error.details ?? [];
    return { declineCode: typeof code === 'string' ? code : 'DECLINED' };
  }
}
