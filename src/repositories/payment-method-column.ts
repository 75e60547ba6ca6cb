import { sql, type RawBuilder } from 'kysely';
import type { PaymentPart } from '../domain/payment-part.ts';
import type { StoredPaymentPart } from './schema/order-tables.ts';
import { explainSealed, isReadableWith, listKeyIds, openText, sealText } from './sealed-column.ts';

/** What payment methods are encrypted for. No token of a payment service has a colon, as encrypted ones have. */
const PURPOSE = 'payment-method';

/** A payment method as its column holds it: encrypted when this process encrypts, else the token itself. */
export function sealPaymentMethod(token: string): string {
  return sealText(PURPOSE, token);
}

/** The token that a column holds; as it is stored when its key is missing, which {@link explainSealedPayment} tells. */
export function openPaymentMethod(stored: string): string {
  return openText(PURPOSE, stored);
}

/** Why one of these payment methods can't be decrypted, so that nothing can be charged to it: which key is missing. `undefined` when all can be. */
export function explainSealedPayment(methods: readonly string[]): string | undefined {
  return methods.map((method) => explainSealed(PURPOSE, method)).find((why) => why !== undefined);
}

/** Whether this process has the keys that the payment methods of the `orders` row are encrypted with. One under the same id may still be another key. */
export function hasPaymentKeys(orders: string): RawBuilder<boolean> {
  const keyIds = listKeyIds();
  const method = sql<string>`part #>> '{}'`;
  return sql<boolean>`${isReadableWith(sql.ref(`${orders}.payment_method`), keyIds)} and not exists (
    select from jsonb_path_query(${sql.ref(`${orders}.payment_parts`)}, '$[*].method') part where not ${isReadableWith(method, keyIds)})`;
}

/** The payment methods of an order that is paid with several, as their column holds them. */
export function sealPaymentParts(parts: readonly PaymentPart[]): StoredPaymentPart[] {
  return parts.map(({ paymentMethod, amountMinor }) => ({
    method: sealPaymentMethod(paymentMethod),
    amount_minor: amountMinor,
  }));
}

/** The payment methods that a column holds; null when the order is paid with a single one. */
export function openPaymentParts(stored: readonly StoredPaymentPart[] | null): readonly PaymentPart[] | null {
  return (
    stored &&
    stored.map(({ method, amount_minor: amountMinor }) => ({ paymentMethod: openPaymentMethod(method), amountMinor }))
  );
}
