import { randomBytes } from 'node:crypto';
import { invalid, missing } from './fake-error.ts';
import { testMethods } from './payment-methods.ts';
import type {
  BalanceTransaction,
  Charge,
  Dispute,
  Intent,
  PaymentError,
  Refund,
  StripeEvent,
} from './stripe-objects.ts';

/** The version of the events that are sent. */
const EVENT_VERSION = '2026-10-28.endive';

/** What is known here of an account at Stripe: a state machine of intents, and what follows from each of its steps. */
export class StripeBooks {
  readonly intents = new Map<string, Intent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly movements = new Map<string, BalanceTransaction>();
  readonly disputes = new Map<string, Dispute>();
  readonly events: StripeEvent[] = [];
  /** When each intent was made, in milliseconds, for a search that lags. */
  readonly madeAtMs = new Map<string, number>();

  intent(id: string): Intent {
    const intent = this.intents.get(id);
    if (!intent) throw missing('payment_intent', id, 'intent');
    return intent;
  }

  create(
    given: Pick<Intent, 'amount' | 'currency' | 'capture_method' | 'metadata' | 'payment_method' | 'return_url'> &
      Partial<Pick<Intent, 'request_multicapture'>>,
  ): Intent {
    const id = newId('pi');
    const intent: Intent = {
      request_multicapture: false,
      ...given,
      id,
      object: 'payment_intent',
      amount_capturable: 0,
      amount_received: 0,
      client_secret: `${id}_secret_${randomBytes(8).toString('hex')}`,
      created: nowSeconds(),
      canceled_at: null,
      cancellation_reason: null,
      last_payment_error: null,
      latest_charge: null,
      livemode: false,
      next_action: null,
      payment_method_types: ['card'],
      status: given.payment_method === null ? 'requires_payment_method' : 'requires_confirmation',
    };
    this.intents.set(id, intent);
    this.madeAtMs.set(id, Date.now());
    this.tell('payment_intent.created', intent);
    return intent;
  }

  /** Confirms with the payment method; a decline is on the intent. */
  confirm(intent: Intent): void {
    this.require(intent, ['requires_payment_method', 'requires_confirmation'], 'confirm');
    const method = testMethods[intent.payment_method ?? ''] ?? {};
    if (method.decline) {
      this.decline(intent, { type: 'card_error', message: 'Your card was declined.', ...method.decline });
      return;
    }
    if (method.isAuthenticated === true) {
      intent.status = 'requires_action';
      intent.next_action =
        intent.return_url === null
          ? { type: 'use_stripe_sdk', use_stripe_sdk: {} }
          : {
              type: 'redirect_to_url',
              redirect_to_url: {
                url: `https://hooks.stripe.test/authenticate/${intent.id}`,
                return_url: intent.return_url,
              },
            };
      this.tell('payment_intent.requires_action', intent);
      return;
    }
    if (method.isProcessing === true) {
      intent.status = 'processing';
      this.tell('payment_intent.processing', intent);
      return;
    }
    this.pay(intent);
  }

  /** The customer authenticates, or fails to. */
  authenticate(id: string, isSuccessful: boolean): void {
    const intent = this.intent(id);
    this.require(intent, ['requires_action', 'processing'], 'authenticate');
    intent.next_action = null;
    if (isSuccessful) this.pay(intent);
    else {
      const code = 'payment_intent_authentication_failure';
      this.decline(intent, { type: 'card_error', code, message: 'We are unable to authenticate your payment method.' });
    }
  }

  capture(intent: Intent, amount: number, isFinal: boolean): void {
    this.require(intent, ['requires_capture'], 'capture');
    if (amount > intent.amount_capturable) {
      throw invalid('The requested capture amount is greater than the amount you can capture.', {
        code: 'amount_too_large',
        param: 'amount_to_capture',
      });
    }
    const charge = this.chargeOf(intent);
    if (!isFinal && charge.payment_method_details.card.multicapture.status !== 'available') {
      throw invalid('This payment can be captured only once.', { param: 'final_capture' });
    }
    intent.amount_received += amount;
    charge.amount_captured += amount;
    intent.amount_capturable = isFinal ? 0 : intent.amount_capturable - amount;
    charge.captured = true;
    charge.balance_transaction ??= this.move('charge', charge.id, amount, intent.currency);
    this.tell('charge.captured', charge);
    if (intent.amount_capturable > 0) return;
    intent.status = 'succeeded';
    this.tell('payment_intent.succeeded', intent);
  }

  cancel(intent: Intent, reason: string | null): void {
    this.require(
      intent,
      ['requires_payment_method', 'requires_confirmation', 'requires_action', 'requires_capture'],
      'cancel',
    );
    intent.amount_capturable = 0;
    intent.next_action = null;
    intent.canceled_at = nowSeconds();
    intent.cancellation_reason = reason;
    intent.status = intent.amount_received > 0 ? 'succeeded' : 'canceled';
    this.tell(intent.status === 'canceled' ? 'payment_intent.canceled' : 'payment_intent.succeeded', intent);
  }

  refund(intent: Intent, amount: number | undefined, metadata: Record<string, string>): Refund {
    if (intent.amount_received === 0) {
      throw invalid(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
    }
    const charge = this.chargeOf(intent);
    const left = charge.amount_captured - charge.amount_refunded;
    if (left <= 0) {
      throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
    }
    const asked = amount ?? left;
    if (asked > left)
      throw invalid(`Refund amount (${asked}) is greater than unrefunded amount on charge (${left})`, {
        param: 'amount',
      });
    const refund: Refund = {
      id: newId('re'),
      object: 'refund',
      amount: asked,
      charge: charge.id,
      created: nowSeconds(),
      currency: intent.currency,
      metadata,
      payment_intent: intent.id,
      reason: null,
      status: 'succeeded',
    };
    this.refunds.set(refund.id, refund);
    this.move('refund', refund.id, -asked, intent.currency);
    charge.amount_refunded += asked;
    charge.refunded = charge.amount_refunded === charge.amount_captured;
    this.tell('refund.created', refund);
    this.tell('charge.refunded', charge);
    return refund;
  }

  /** A refund does not reach the customer, and its amount comes back to the account. */
  failRefund(id: string, reason = 'expired_or_canceled_card'): void {
    const refund = this.refunds.get(id);
    if (refund?.status !== 'succeeded' && refund?.status !== 'pending') throw missing('refund', id);
    refund.status = 'failed';
    refund.failure_reason = reason;
    this.move('refund_failure', id, refund.amount, refund.currency);
    const charge = this.charges.get(refund.charge);
    if (charge) {
      charge.amount_refunded -= refund.amount;
      charge.refunded = false;
    }
    for (const type of ['refund.failed', 'refund.updated', 'charge.refund.updated']) this.tell(type, refund);
  }

  dispute(intent: Intent, amount: number): Dispute {
    const charge = this.chargeOf(intent);
    const dispute: Dispute = {
      id: newId('dp'),
      object: 'dispute',
      amount,
      charge: charge.id,
      created: nowSeconds(),
      currency: intent.currency,
      evidence_details: { due_by: nowSeconds() + 7 * 86_400 },
      payment_intent: intent.id,
      reason: 'fraudulent',
      status: 'needs_response',
      metadata: {},
    };
    this.disputes.set(dispute.id, dispute);
    charge.disputed = true;
    this.tell('charge.dispute.created', dispute);
    return dispute;
  }

  closeDispute(dispute: Dispute, status: 'won' | 'lost'): void {
    dispute.status = status;
    this.tell('charge.dispute.closed', dispute);
  }

  /** What the account has of all intents whose metadata says that they are of this order: taken, given back, held. */
  balanceOf(orderId: string): { received: number; refunded: number; held: number } {
    const intents = [...this.intents.values()].filter(({ metadata }) => metadata['order_id'] === orderId);
    const sum = (of: (intent: Intent) => number) => intents.reduce((total, intent) => total + of(intent), 0);
    return {
      received: sum(({ amount_received: received }) => received),
      refunded: sum(({ latest_charge: charge }) =>
        charge === null ? 0 : (this.charges.get(charge)?.amount_refunded ?? 0),
      ),
      held: sum(({ amount_capturable: held }) => held),
    };
  }

  chargeOf(intent: Intent): Charge {
    const charge = intent.latest_charge === null ? undefined : this.charges.get(intent.latest_charge);
    if (!charge) throw invalid(`${intent.id} has no charge`);
    return charge;
  }

  private pay(intent: Intent): void {
    const isCaptured = intent.capture_method !== 'manual';
    const method = testMethods[intent.payment_method ?? ''];
    const isAvailable = intent.request_multicapture && !isCaptured && method?.isCapturedOnce !== true;
    const multicapture = { status: isAvailable ? 'available' : 'unavailable' } as const;
    const charge: Charge = {
      id: newId('ch'),
      object: 'charge',
      amount: intent.amount,
      amount_captured: isCaptured ? intent.amount : 0,
      amount_refunded: 0,
      captured: isCaptured,
      created: nowSeconds(),
      currency: intent.currency,
      disputed: false,
      metadata: { ...intent.metadata },
      paid: true,
      payment_intent: intent.id,
      payment_method_details: {
        type: 'card',
        card: { multicapture, ...(!isCaptured && { capture_before: nowSeconds() + 7 * 86_400 }) },
      },
      refunded: false,
      status: 'succeeded',
      balance_transaction: null,
    };
    if (isCaptured) charge.balance_transaction = this.move('charge', charge.id, intent.amount, intent.currency);
    this.charges.set(charge.id, charge);
    intent.latest_charge = charge.id;
    intent.last_payment_error = null;
    if (isCaptured) {
      intent.amount_received = intent.amount;
      intent.status = 'succeeded';
      this.tell('charge.succeeded', charge);
      this.tell('payment_intent.succeeded', intent);
    } else {
      intent.amount_capturable = intent.amount;
      intent.status = 'requires_capture';
      this.tell('payment_intent.amount_capturable_updated', intent);
    }
    if (method?.isDisputed === true) this.dispute(intent, intent.amount);
  }

  /** Stripe keeps a hundredth and a quarter of what is taken, and of a refund nothing. */
  private move(type: BalanceTransaction['type'], source: string, amount: number, currency: string): string {
    const id = newId('txn');
    const fee = type === 'charge' ? Math.round(amount * 0.01) + 25 : 0;
    const created = nowSeconds();
    this.movements.set(id, { id, object: 'balance_transaction', amount, created, currency, fee, source, type });
    return id;
  }

  private decline(intent: Intent, error: PaymentError): void {
    intent.status = 'requires_payment_method';
    intent.payment_method = null;
    intent.last_payment_error = error;
    this.tell('payment_intent.payment_failed', intent);
  }

  private require(intent: Intent, allowed: readonly Intent['status'][], what: string): void {
    if (allowed.includes(intent.status)) return;
    throw invalid(`You cannot ${what} this PaymentIntent because it has a status of ${intent.status}.`, {
      code: 'payment_intent_unexpected_state',
      payment_intent: intent,
    });
  }

  private tell(type: string, object: unknown): void {
    this.events.push({
      id: newId('evt'),
      object: 'event',
      api_version: EVENT_VERSION,
      created: nowSeconds(),
      data: { object: structuredClone(object) },
      livemode: false,
      type,
    });
  }
}

function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
