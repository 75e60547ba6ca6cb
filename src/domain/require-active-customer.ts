import { Refusal } from './refusal.ts';

/** Throws ORD001 unless the customer may order; `undefined` for one that nobody knows. */
export function requireActiveCustomer(customer: { readonly active: boolean } | undefined): void {
  if (customer?.active === true) return;
  const message = customer ? 'is inactive' : 'is unknown';
  throw new Refusal('ORD001', `The customer ${message}.`, { details: [{ pointer: '/customer_id', message }] });
}
