import type { NotificationType } from './order-notification.ts';

/** Which messages customers get, and what is said in all of them. */
export interface MessageSettings {
  /** The types that are sent. */
  readonly types: readonly NotificationType[];
  /** A message that could not be sent for so long has failed. */
  readonly giveUpAfterMs: number;
  /** Where customers find their orders, with `{order_id}` or `{order_number}` in it. */
  readonly orderUrl: string | undefined;
}

/** Where the customer finds an order; null unless the shop has said where. */
export function orderUrlOf(
  { orderUrl }: Pick<MessageSettings, 'orderUrl'>,
  { id, orderNumber }: { readonly id: string; readonly orderNumber: string },
): string | null {
  if (orderUrl === undefined) return null;
  return orderUrl
    .replaceAll('{order_id}', encodeURIComponent(id))
    .replaceAll('{order_number}', encodeURIComponent(orderNumber));
}
