import type { ApplicationFailure } from '@temporalio/common';
import type { PaymentAction } from '../src/domain/next-action.ts';
import type { ChargeRequest } from '../src/gateways/payment.ts';

/** What the customer has to do before the charge with this key goes on. */
type ChargeAction = PaymentAction & Pick<ChargeRequest, 'idempotencyKey'>;

/** The customer has to confirm a charge before it goes on. What is asked of them gets into no failure, history or log. */
export class CustomerActionRequired extends Error {
  override readonly name = 'CustomerActionRequired';
  readonly failure: ApplicationFailure;
  readonly #action: ChargeAction;

  constructor(action: ChargeAction, failure: ApplicationFailure) {
    super(failure.message);
    this.failure = failure;
    this.#action = action;
  }

  get action(): ChargeAction {
    return this.#action;
  }
}
