import { isJsonObject } from '../domain/read-message.ts';
import type { NextAction, PaymentAction } from '../domain/next-action.ts';
import type { StoredPaymentAction } from './schema/order-tables.ts';
import { isSealedText, openText, sealText } from './sealed-column.ts';

/** What it is encrypted for: whoever has the secret of a payment may confirm it. */
const PURPOSE = 'next-action';

/** What a customer has to do as its column holds it: encrypted when this process encrypts. */
export function sealNextAction(action: NextAction): string {
  return sealText(PURPOSE, JSON.stringify(action));
}

/** What the column says the customer has to do; null when it says nothing, or its key is missing. */
export function openPaymentAction(stored: StoredPaymentAction | null): PaymentAction | null {
  if (!stored) return null;
  const text = openText(PURPOSE, stored.next_action);
  const nextAction = isSealedText(text) ? undefined : readNextAction(JSON.parse(text));
  return nextAction ? { nextAction, until: new Date(stored.until) } : null;
}

function readNextAction(value: unknown): NextAction | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, url, client_secret: secret } = value;
  if (type === 'redirect' && typeof url === 'string') return { type, url };
  return type === 'use_sdk' && typeof secret === 'string' ? { type, client_secret: secret } : undefined;
}
