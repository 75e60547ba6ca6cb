import { requireEditable, type OrderDetails } from '../domain/edit-order.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** Who changes which details of which order. */
export interface OrderEdit {
  readonly orderId: string;
  readonly actor: string;
  /** The version that the caller saw, if it must still be the order's. */
  readonly expectedVersion: number | undefined;
  readonly details: OrderDetails;
}

/** Changes an order's addresses or notes until something of it has been shipped. Throws VALIDATION, VERSION_CONFLICT and ORD005. */
export async function editOrder(writer: OrderWriter, edit: OrderEdit): Promise<void> {
  const { orderId, actor, expectedVersion, details } = edit;
  await writeOrder(writer, orderId, async (transaction) => {
    const order = await lockOrder(transaction, orderId);
    requireEditable(order, details, expectedVersion);
    await writeChange(transaction, {
      orderId,
      kind: 'DETAILS',
      key: `edited:${order.version}`,
      actor,
      reason: `changed: ${Object.keys(details).map(inWords).join(', ')}`,
      event: 'order.edited',
      set: details,
    });
  });
}

/** `shippingAddress` as `shipping address`. */
function inWords(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
