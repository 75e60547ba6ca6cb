import type { ToldOrder } from '../src/domain/notify-of-order.ts';

/** Orders that this process has just confirmed, so that telling their customers takes no statement more. */
export interface ConfirmedOrders {
  readonly add: (order: ToldOrder) => void;
  /** The order, once; `undefined` when another process has confirmed it, or this one long ago. */
  readonly take: (orderId: string) => ToldOrder | undefined;
}

/** More than are between these two steps at one time, and a few megabytes at most. */
const MOST = 1_000;

/** Keeps the newest {@link MOST} orders until they are taken. */
export function createConfirmedOrders(): ConfirmedOrders {
  const orders = new Map<string, ToldOrder>();
  return {
    add: (order) => {
      orders.set(order.id, order);
      for (const oldest of orders.keys()) {
        if (orders.size <= MOST) break;
        orders.delete(oldest);
      }
    },
    take: (orderId) => {
      const order = orders.get(orderId);
      orders.delete(orderId);
      return order;
    },
  };
}
