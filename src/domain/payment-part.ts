import { formatMoney } from './money.ts';

/** A payment method, and what of a payment is paid with it, in minor units. */
export interface PaymentPart {
  readonly paymentMethod: string;
  readonly amountMinor: number;
}

/** With how many methods one payment may be made: one attempt at a step charges them one after the other. */
export const MOST_PAYMENT_METHODS = 5;

/** A payment as it is asked for; amounts in minor units. */
export interface PaymentRequest {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentMethod: string;
  /** In order of use, when it is paid with several methods; `paymentMethod` is the last one's then. */
  readonly parts?: readonly PaymentPart[] | undefined;
}

/** What a payment came to: what the payment service calls it, or that an operator has made it by hand instead. */
export type PaymentMade =
  | {
      /** Of several charges the last. */
      readonly paymentId: string;
      /** What the payment service calls each charge, in order of use, when it is paid with several methods. */
      readonly partIds?: readonly string[] | undefined;
    }
  | typeof MADE_BY_HAND;

/** A payment that an operator has made by hand: it is on record, and the payment service must not make it as well. */
export const MADE_BY_HAND = { isByHand: true, paymentId: undefined, partIds: undefined } as const;

/** The charges that a payment is made of, in order of use: itself, or one for each part with the key `<its key>:<n>`, n counting from 1. */
export function chargesOf({ parts, ...payment }: PaymentRequest): Omit<PaymentRequest, 'parts'>[] {
  if (!parts) return [payment];
  return parts.map((part, index) => ({
    ...payment,
    ...part,
    idempotencyKey: `${payment.idempotencyKey}:${index + 1}`,
  }));
}

/** The key of the payment that a charge is a part of; its own when it is none. */
export function wholeKeyOf(key: string): string {
  return partPattern.exec(key)?.groups?.['whole'] ?? key;
}

/** Which part of a payment was charged with this key, counting from 1; 0 when the key is of no part. */
export function partNumberOf(key: string): number {
  return Number(partPattern.exec(key)?.groups?.['part'] ?? 0);
}

const partPattern = /^(?<whole>.+:charge:[1-9]\d{0,8}):(?<part>[1-9])$/;

/** What a refused part has done to the others of its payment, as second of the `details` of `PAYMENT_DECLINED`. */
export interface RefusedPart {
  /** Which one was refused, counting from 1. */
  readonly part: number;
  /** What was taken by others and has gone back, in the order in which it did; amounts in minor units. */
  readonly givenBack: readonly GivenBackPart[];
}

/** A part that was charged and refunded, since another one was refused. */
export interface GivenBackPart {
  readonly part: number;
  readonly paymentId?: string | undefined;
  readonly refundedMinor: number;
}

/** Why these parts can't pay `totalMinor`, in a sentence that follows "the payment methods"; `undefined` when they can. */
export function findPartsFault(
  parts: readonly PaymentPart[],
  totalMinor: number,
  currency: string,
): string | undefined {
  const sumMinor = parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (sumMinor === totalMinor) return undefined;
  const [sum, total] = [formatMoney(sumMinor, currency), formatMoney(totalMinor, currency)];
  return `add up to ${sum} ${currency}, and the order's total is ${total} ${currency}`;
}

/** Why several methods are not taken by an order whose payment is captured as its goods are shipped. */
export const ONE_METHOD_ONLY =
  'must be one: payments are captured as goods are shipped, which takes a single payment method';
