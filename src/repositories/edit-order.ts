import type { Address } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { beforeShipping, changeOrder, holdOrder } from './change-order.ts';
import { hasLeftInPart } from './order-repository.ts';
import type { Db } from './schema.ts';

/** What is to be changed; what is left out stays, `null` removes. */
export interface OrderDetails {
  readonly shippingAddress?: Address | undefined;
  readonly billingAddress?: Address | null | undefined;
  readonly notes?: string | null | undefined;
}

/** A change of an order's details by somebody who saw it in some version. */
export interface OrderEdit {
  readonly orderId: string;
  readonly actor: string;
  /** The version that must still be the order's, if that matters. */
  readonly expectedVersion: number | undefined;
  readonly details: OrderDetails;
}

export type EditOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'conflict'; readonly version: number }
  | { readonly outcome: 'too late'; readonly status: OrderStatus; readonly isPartlyShipped: boolean };

/** Changes an order's details while nothing of it has left, with history and outbox rows, in one transaction. */
export async function editOrder(db: Db, { orderId, actor, expectedVersion, details }: OrderEdit): Promise<EditOutcome> {
  return db.transaction().execute(async (trx): Promise<EditOutcome> => {
    const { status, version } = await holdOrder(trx, orderId);
    if (expectedVersion !== undefined && expectedVersion !== version) return { outcome: 'conflict', version };
    const isPartlyShipped = await hasLeftInPart(trx, orderId);
    if (isPartlyShipped || !beforeShipping.includes(status)) return { outcome: 'too late', status, isPartlyShipped };
    const { shippingAddress, billingAddress, notes } = details;
    const changed = Object.keys(details).map((field) =>
      field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    );
    await changeOrder(trx, {
      orderId,
      kind: 'DETAILS',
      key: `edited:${version}`,
      actor,
      reason: `changed: ${changed.join(', ')}`,
      event: 'order.edited',
      set: {
        ...(shippingAddress && { shipping_address: JSON.stringify(shippingAddress) }),
        ...(billingAddress !== undefined && { billing_address: billingAddress && JSON.stringify(billingAddress) }),
        ...(notes !== undefined && { notes }),
      },
    });
    return { outcome: 'done' };
  });
}
