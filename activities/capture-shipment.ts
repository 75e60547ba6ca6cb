import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import { authorizeAnew } from './authorize-anew.ts';
import { authorizedCharge, capturedCharge, declinedCharge } from '../src/domain/captured-charge.ts';
import {
  countRenewals,
  dueOnceShipped,
  openAuthorizations,
  paidMinor,
  renewalKey,
  type OpenAuthorization,
} from '../src/domain/capture-due.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { ItemQuantity } from '../src/domain/order-return.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import type { OrderWithItems } from '../src/domain/order.ts';
import { isLastShipment } from '../src/domain/ship-items.ts';
import type { ChargeRequest } from '../src/gateways/payment.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import { recordFailedCapture } from '../src/orders/record-failed-capture.ts';
import type { CapturedPart } from '../src/orders/record-shipment.ts';
import { findOrderWithItems } from '../src/repositories/order-repository.ts';
import { findBooks } from '../src/repositories/payment-transactions.ts';
import { findChange } from '../src/repositories/write-change.ts';
import type { PayingDependencies } from './customer-action.ts';
import { refusal, toActivityFailure } from './failures.ts';

/** What is captured before goods are shipped. */
export interface ShipmentCapture {
  readonly orderId: string;
  /** Names the change that the capture belongs to, within its order. */
  readonly key: string;
  readonly paymentMethod: string;
  /** What leaves; everything that is left unless given. */
  readonly items?: readonly ItemQuantity[] | undefined;
  /** With an amendment that leaves nothing to ship: what the order comes to then, in minor units. */
  readonly amendedMinor?: number;
}

/** Capturing the part of an order's payment that its goods come to, before they leave. */
export function captureActivities(dependencies: PayingDependencies) {
  return {
    /**
     * Captures what the order has to have paid once the goods have left, from its authorisations, the oldest first. The last shipment
     * captures all that is still due, and voids what the authorisations hold beyond that. An authorisation that has expired is replaced by a
     * new one. Returns the transactions to record with the shipment. Key: `<order id>:capture:<change>`, and that of each authorisation beyond the first; a new authorisation's is `<order id>:charge:renew:<n>`.
     * Retried until it succeeds or is refused. Refused: TRANSITION_NOT_ALLOWED, NOT_POSSIBLE, PAYMENT_DECLINED when the new authorisation is declined, which is recorded.
     */
    captureShipment: (input: ShipmentCapture): Promise<CapturedPart> =>
      captureShipment(dependencies, input).catch(throwUntilMended),
  };
}

/**
 * Has an attempt that the payment service can make nothing of tried again: a part may be captured and is not on record yet, so that nothing else
 * is right. The order's command waits until that is mended.
 */
export function throwUntilMended(error: unknown): never {
  const failure = toActivityFailure(error);
  if (failure.type !== failureTypes.rejected) throw failure;
  throw ApplicationFailure.create({
    type: failure.type,
    message: failure.message,
    nonRetryable: false,
    cause: failure,
  });
}

async function captureShipment(dependencies: PayingDependencies, input: ShipmentCapture): Promise<CapturedPart> {
  const { db } = dependencies;
  const { orderId, key, amendedMinor } = input;
  const order = await findOrderWithItems(db, orderId);
  if (!order) throw new Error(`no order ${orderId}`);
  // A workflow that was reset ships again what has left.
  if (await findChange(db, orderId, key)) return {};
  const items =
    input.items ?? order.items.map(({ id, ...of }) => ({ item_id: id, quantity: of.quantity - of.shippedQuantity }));
  const isLast = amendedMinor !== undefined || isLastShipment(order, items);
  const books = await findBooks(db, orderId);
  const part = new PartCapture(dependencies, order, input, isLast);
  await part.take(Math.max((amendedMinor ?? dueOnceShipped(order, items)) - paidMinor(books), 0), books);
  const { transactions } = part;
  if (isLast) return { transactions, paymentStatus: order.refundedMinor > 0 ? 'PARTIALLY_REFUNDED' : 'CAPTURED' };
  return { transactions, ...(order.paymentStatus === 'FAILED' && { paymentStatus: 'AUTHORIZED' }) };
}

/** An authorisation that is never held when it comes to its capture is not worth more attempts. */
const MOST_RENEWALS = 3;

/** Why an order can't be paid whose authorisations expire at once. */
const EXPIRED_AGAIN = 'AUTHORIZATION_EXPIRED';

type Books = Awaited<ReturnType<typeof findBooks>>;

/** One attempt at capturing a part; each finds what an earlier one has done by the same keys, since the books have not changed meanwhile. */
class PartCapture {
  readonly transactions: PaymentTransactionRecord[] = [];
  readonly #dependencies: PayingDependencies;
  readonly #order: OrderWithItems;
  readonly #input: ShipmentCapture;
  readonly #isLast: boolean;
  readonly #mayHaveActed = activityInfo().attempt > 1;

  constructor(dependencies: PayingDependencies, order: OrderWithItems, input: ShipmentCapture, isLast: boolean) {
    this.#dependencies = dependencies;
    this.#order = order;
    this.#input = input;
    this.#isLast = isLast;
  }

  async take(dueMinor: number, books: Books): Promise<void> {
    let leftMinor = dueMinor;
    let heldMinor = 0;
    for (const held of openAuthorizations(books)) {
      const amountMinor = Math.min(leftMinor, held.leftMinor);
      // One after the other: each takes what those before it lack.
      // oxlint-disable-next-line no-await-in-loop
      const isTaken = amountMinor > 0 ? await this.#capture(held, amountMinor) : await this.#keep(held);
      if (!isTaken) continue;
      leftMinor -= amountMinor;
      heldMinor += held.leftMinor - amountMinor;
    }
    if (leftMinor === 0) return;
    const restMinor = this.#order.totalMinor - paidMinor(books) - (dueMinor - leftMinor) - heldMinor;
    await this.#captureAnew(this.#isLast ? leftMinor : Math.max(leftMinor, restMinor), leftMinor, books);
  }

  /** Returns whether the authorisation still held it. */
  async #capture(held: OpenAuthorization, amountMinor: number): Promise<boolean> {
    const { orderId } = this.#input;
    const { payment } = this.#dependencies.gateways;
    const { idempotencyKey: authorizationKey, paymentId } = held;
    const idempotencyKey = this.#captureKey(authorizationKey);
    const { currency } = this.#order;
    const isFinal = this.#isLast || amountMinor === held.leftMinor;
    try {
      const known = this.#mayHaveActed ? await payment.findCapture(idempotencyKey) : undefined;
      const wanted = { orderId, idempotencyKey, authorizationKey, paymentId, amountMinor, currency, isFinal };
      if (!known) await payment.capture(wanted);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (error.code === 'PAYMENT_VOIDED') throw refusal(failureTypes.alreadyCompensated, 'the order was voided first');
      if (error.code !== 'AUTHORIZATION_EXPIRED' && error.code !== 'CAPTURE_EXCEEDS') throw error;
      this.transactions.push({ ...this.#recordOf(held), status: 'EXPIRED' });
      return false;
    }
    this.transactions.push(capturedCharge({ ...this.#recordOf(held), idempotencyKey, amountMinor }, paymentId));
    if (this.#isLast && amountMinor < held.leftMinor) this.#noteReleased(held);
    return true;
  }

  /** Releases what the last shipment doesn't need, unless something of it was taken: a service releases the rest of that with its capture. */
  async #keep(held: OpenAuthorization): Promise<boolean> {
    if (!this.#isLast || held.leftMinor < held.amountMinor) return true;
    const { orderId } = this.#input;
    await this.#dependencies.gateways.payment.voidCharge(orderId, held.idempotencyKey, this.#order.currency);
    this.#noteReleased(held);
    return true;
  }

  /** Each new authorisation has a number of its own; one that is not held any more by the time of its capture is followed by another. */
  async #captureAnew(amountMinor: number, takenMinor: number, books: Books): Promise<void> {
    const { orderId, paymentMethod } = this.#input;
    const before = countRenewals(orderId, books);
    for (let number = before + 1; number <= before + MOST_RENEWALS; number += 1) {
      const idempotencyKey = renewalKey(orderId, number);
      const wanted = { orderId, idempotencyKey, amountMinor, currency: this.#order.currency, paymentMethod };
      // One after the other: another one is only made for one that is not held any more.
      // oxlint-disable-next-line no-await-in-loop
      const paymentId = await this.#authorize(wanted, number);
      if (paymentId === undefined) return;
      const held = { idempotencyKey, paymentId, paymentMethod, amountMinor, leftMinor: amountMinor };
      const index = this.transactions.push(authorizedCharge(wanted, paymentId)) - 1;
      // oxlint-disable-next-line no-await-in-loop
      if (await this.#capture(held, takenMinor)) return;
      // What the capture says of it stands in its place.
      this.transactions.splice(index, 1);
    }
    await this.#giveUp(EXPIRED_AGAIN, before + MOST_RENEWALS);
  }

  async #authorize(wanted: ChargeRequest, number: number): Promise<string | undefined> {
    const outcome = await authorizeAnew(this.#dependencies, wanted, { mayHaveActed: this.#mayHaveActed });
    if (!('declineCode' in outcome)) return outcome.paymentId;
    this.transactions.push(declinedCharge(wanted, outcome.declineCode));
    return this.#giveUp(outcome.declineCode, number);
  }

  /** Nothing is shipped that can't be paid: the order says so until it is. */
  async #giveUp(declineCode: string, number: number): Promise<never> {
    const { orderId } = this.#input;
    const { transactions } = this;
    await recordFailedCapture(this.#dependencies, { orderId, number, declineCode, transactions });
    const message = `the payment's authorisation has expired, and a new one was declined: ${declineCode}`;
    throw refusal(failureTypes.paymentDeclined, message, declineCode);
  }

  #noteReleased(held: OpenAuthorization): void {
    this.transactions.push({ ...this.#recordOf(held), status: 'VOIDED' });
  }

  /** An order may have been given another payment method since. */
  #recordOf({ idempotencyKey, paymentId, amountMinor, ...held }: OpenAuthorization): PaymentTransactionRecord {
    const { paymentMethod = this.#input.paymentMethod } = held;
    return authorizedCharge({ idempotencyKey, amountMinor, currency: this.#order.currency, paymentMethod }, paymentId);
  }

  #captureKey(authorizationKey: string): string {
    const { orderId, key } = this.#input;
    const name = authorizationKey.slice(`${orderId}:charge:`.length);
    return `${orderId}:capture:${name}:${key}`;
  }
}
