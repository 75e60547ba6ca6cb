import { sql } from 'kysely';
import type { ToldOrder } from '../domain/notify-of-order.ts';

/** A select expression of what messages tell of the order `o`, as JSON. */
export const toldOrder = sql<ToldOrder>`jsonb_build_object(
  'id', o.id, 'orderNumber', o.order_number, 'customerId', o.customer_id, 'currency', o.currency,
  'subtotalMinor', o.subtotal_minor, 'discountMinor', o.discount_minor, 'taxMinor', o.tax_minor,
  'shippingMinor', o.shipping_minor, 'totalMinor', o.total_minor,
  'shippingMethod', o.shipping_method, 'shippingAddress', o.shipping_address, 'billingAddress', o.billing_address,
  'customerName', o.customer_name, 'customerEmail', o.customer_email, 'customerPhone', o.customer_phone, 'locale', o.locale,
  'items', (
    select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'sku', i.sku, 'name', i.name,
      'unitPriceMinor', i.unit_price_minor, 'quantity', i.quantity) order by i.position), '[]')
    from order_items i where i.order_id = o.id))`;
