import { formatMoney } from '../../domain/money.ts';
import type { ImportFailure } from '../../domain/import.ts';
import type { Address, OrderWithItems } from '../../domain/order.ts';
import { findArchivedOrder } from '../../repositories/archive.ts';
import { findOrderWithItemsInBatch } from '../../repositories/order-repository.ts';
import type { Db } from '../../repositories/schema.ts';
import { orderView } from '../../orders/order-view.ts';
import { writeLines } from '../compare-prices.ts';
import { tellDifference, type ComparedFields } from '../tell-difference.ts';
import type { PreparedOrder } from './prepare-order.ts';

/** What a file says otherwise of an order on record. */
export interface Difference {
  readonly failure: ImportFailure;
  readonly placedByService: string | null;
}

/** In which fields an order on record differs from what a file says of it now; null when it doesn't. The order stays as it is. */
export async function compareWithFile(db: Db, orderId: string, stated: PreparedOrder): Promise<Difference | null> {
  const ours = (await findOrderWithItemsInBatch(db, orderId)) ?? (await findArchivedOrder(db, orderId));
  if (!ours) return null;
  const failure = tellDifference(fieldsOf(ours), fieldsOfFile(stated), 'The order is on record and stays as it is');
  return failure && { failure, placedByService: ours.placedByService };
}

function fieldsOf(order: OrderWithItems): ComparedFields {
  const view = orderView(order);
  return {
    currency: order.currency,
    status: order.status,
    payment_status: order.paymentStatus,
    items: writeLines(order.items, order.currency),
    discount: view.discount,
    tax: view.tax,
    shipping: view.shipping,
    fees: view.fees,
    total: view.total,
    refunded_amount: view.refunded_amount,
    tracking_number: view.tracking?.number ?? '',
    shipping_address: lineOf(order.shippingAddress),
  };
}

function fieldsOfFile({ file, order }: PreparedOrder): ComparedFields {
  const { amounts, items, status, paymentStatus, refundedMinor } = order;
  const money = (minor: number) => formatMoney(minor, file.currency);
  return {
    currency: file.currency,
    status,
    payment_status: paymentStatus,
    items: writeLines(items, file.currency),
    discount: money(amounts.discountMinor),
    tax: money(amounts.taxMinor),
    shipping: money(amounts.shippingMinor),
    fees: money(amounts.feesMinor),
    total: money(amounts.totalMinor),
    refunded_amount: money(refundedMinor),
    tracking_number: file.tracking?.number ?? '',
    shipping_address: lineOf(file.shippingAddress),
  };
}

function lineOf({ name, line1, line2, city, region, postal_code: code, country }: Address): string {
  return [name, line1, line2, city, region, code, country].filter((part) => part).join(', ');
}
