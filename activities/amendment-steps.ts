import { inventoryAmendment } from '../src/domain/amendment.ts';
import { booksBefore } from '../src/domain/book-refund.ts';
import { paidMinor } from '../src/domain/capture-due.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import type { ChargeRequest } from '../src/gateways/payment.ts';
import { findBooks } from '../src/repositories/payment-transactions.ts';
import type { PayingDependencies } from './customer-action.ts';
import { unlessWithoutGoods } from './goods-held.ts';
import { toStockRefusal } from './inventory.ts';
import { refundAmount, refundCharge, type GivenBack, type AmountRefundInput } from './give-back.ts';
import { payOnce } from './payment.ts';
import { stepActivity, type Awaitable } from './step-activity.ts';
import type { OrderLine } from '../src/domain/order.ts';

/** Input of what changes the stock that an order holds: all its lines, as they shall be or were. */
export interface AmendReservationInput {
  readonly orderId: string;
  readonly saga: string;
  /** Which of the order's amendments. */
  readonly number: number;
  readonly lines: readonly OrderLine[];
  /** How long goods are held that were not held any more. */
  readonly ttlMs: number;
}

type DifferenceCharge = ChargeRequest & { readonly saga: string; readonly isHeld?: boolean };

type DifferenceRefund = AmountRefundInput & { readonly saga: string; readonly amendedMinor?: number };

type DifferenceKey = Pick<ChargeRequest, 'orderId' | 'idempotencyKey' | 'currency'> & { readonly saga: string };

/** The stock and the money that follow a change of what was ordered. */
export function amendmentSteps(dependencies: PayingDependencies) {
  const { db, gateways } = dependencies;
  const { inventory } = gateways;

  const amendStock = unlessWithoutGoods(db, async ({ orderId, number, lines, ttlMs }: AmendReservationInput) => {
    try {
      await inventory.amend(orderId, inventoryAmendment(number).apply, lines, ttlMs);
    } catch (error) {
      throw toStockRefusal(error);
    }
  });

  return {
    /**
     * Reserves what the order needs more of, all or nothing. Key: the amendment's number. Compensation: `restoreReservation`.
     * Refused: OUT_OF_STOCK, ALREADY_COMPENSATED.
     */
    amendReservation: stepActivity('amendReservation', dependencies, { run: amendStock }),

    /** Releases what the order holds beyond its lines. Key: the amendment's number. Behind the pivot. */
    releaseSurplus: stepActivity('releaseSurplus', dependencies, { run: amendStock }),

    /**
     * Makes the order hold what it held before and forbids the amendment. Key: the amendment's number. Right at any time: there is
     * nothing to restore for an order that holds nothing any more, or of which a later amendment has decided what it holds.
     */
    restoreReservation: stepActivity('restoreReservation', dependencies, {
      run: unlessWithoutGoods(db, async ({ orderId, number, lines, ttlMs }: AmendReservationInput) => {
        try {
          await inventory.amend(orderId, inventoryAmendment(number).restore, lines, ttlMs);
        } catch (error) {
          const isPast = error instanceof GatewayError && error.kind === 'refused' && error.code !== 'OUT_OF_STOCK';
          if (!isPast) throw error;
        }
      }),
    }),

    /**
     * Charges the difference once, or authorises it when it is captured as the goods are shipped. Key: `<order id>:charge:amend:<n>`. Compensation: `refundDifferenceIfCharged`. AWAITING_ANSWER when
     * the payment service answers later.
     * Refused: PAYMENT_DECLINED, ALREADY_COMPENSATED.
     */
    chargeDifference: stepActivity('chargeDifference', dependencies, {
      run: ({ isHeld = false, ...input }: DifferenceCharge & Awaitable, { mayHaveActed }) =>
        payOnce(dependencies, isHeld ? 'authorize' : 'charge', input, { mayHaveActed }),
    }),

    /**
     * Refunds the difference if it was charged, and forbids that charge; returns what was refunded. Key: the charge's. What was paid
     * outside the payment service is DUE_BY_HAND.
     */
    refundDifferenceIfCharged: stepActivity('refundDifferenceIfCharged', dependencies, {
      run: (input: DifferenceKey): Promise<GivenBack> => refundCharge(dependencies, input),
    }),

    /**
     * Refunds the difference once. Key: `<order id>:refund:amend:<n>`. The pivot: what can be refused comes before. What was paid
     * outside the payment service is DUE_BY_HAND. With `amendedMinor`, what the order comes to, only what was paid beyond that: the rest
     * is never captured.
     */
    refundDifference: stepActivity('refundDifference', dependencies, {
      run: async ({ amendedMinor, ...input }: DifferenceRefund): Promise<GivenBack> => {
        if (amendedMinor === undefined) return refundAmount(dependencies, input);
        const books = booksBefore(await findBooks(db, input.orderId), input.idempotencyKey);
        const amountMinor = Math.min(input.amountMinor, Math.max(paidMinor(books) - amendedMinor, 0));
        if (amountMinor === 0) return { refundedMinor: 0, byHandMinor: 0 };
        return refundAmount(dependencies, { ...input, amountMinor });
      },
    }),
  };
}
