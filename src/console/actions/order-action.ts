import type { OrdersClient } from '../../client/client.ts';
import type { Role } from '../../domain/caller.ts';
import type { OrderDetails } from '../order/order-details.ts';
import type { Html } from '../ui/html.ts';
import type { View } from '../view.ts';
import type { FormFields } from './form-fields.ts';

/** Something that staff can do to an order. */
export interface OrderAction {
  /** In its address. */
  readonly name: string;
  /** On its button. */
  readonly title: string;
  /** Who may; the API decides, and this is what is shown. */
  readonly roles: readonly Role[];
  /** Whether it makes sense as the order stands. */
  readonly isOffered: (details: OrderDetails) => boolean;
  /** The fields that it asks for. */
  readonly form: (details: OrderDetails, view: View) => Html;
  /** What it will do with what was filled in. Throws `FormError`. */
  readonly prepare: (fields: FormFields, details: OrderDetails, view: View) => PreparedAction;
}

/** An action that is ready to be done, and what it will do. */
export interface PreparedAction {
  /** A sentence for each effect. */
  readonly effects: readonly string[];
  /** On the button that does it. */
  readonly button: string;
  /** Whether it can't be taken back. */
  readonly isFinal: boolean;
  /** Does it, once under the key; resolves with what came of it, as a sentence. Throws what the API refuses with. */
  readonly perform: (client: OrdersClient, key: string) => Promise<string>;
}

/** What the API takes of a request that may be sent again. */
export function under(key: string) {
  return { headers: { 'Idempotency-Key': key } };
}
