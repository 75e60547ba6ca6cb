import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { formatMoney } from '../../../domain/money.ts';
import { maskDetail, refusalCodes } from '../../../domain/refusal.ts';
import { shareDiscount } from '../../../domain/share-discount.ts';
import { orderReaders } from '../../../orders/find-visible-order.ts';
import { quoteRequestSchema } from '../../../orders/order-request.ts';
import { quoteOrder, type Quote } from '../../../orders/quote-order.ts';
import type { Api } from '../../api.ts';
import { moneySchema, orNull } from '../../schemas/order-schema.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';

const quotedItemSchema = z
  .strictObject({
    sku: z.string().nullable(),
    product_id: z.string().nullable(),
    variant_id: z.string().nullable(),
    name: z.string().nullable(),
    quantity: z.int().min(1),
    unit_price: orNull(moneySchema).openapi({ description: 'Null when the line cannot be sold.' }),
    total: orNull(moneySchema),
    discount: orNull(moneySchema).openapi({ description: "Its share of the order's discount." }),
    available: z.int().nullable().openapi({ description: 'Units in stock just now; null when that is not known.' }),
  })
  .openapi('QuotedItem');

const quoteSchema = z
  .strictObject({
    customer_id: z.string(),
    currency: z.string(),
    acceptable: z.boolean().openapi({ description: 'Whether nothing would be refused.' }),
    items: z.array(quotedItemSchema),
    subtotal: orNull(moneySchema).openapi({
      description: 'This and the other amounts are null while a line cannot be sold.',
    }),
    discount: orNull(moneySchema),
    tax: orNull(moneySchema),
    shipping: orNull(moneySchema),
    total: orNull(moneySchema),
    shipping_method: z.string(),
    refusals: z
      .array(
        z
          .strictObject({
            code: z.enum(refusalCodes),
            message: z.string(),
            details: z.array(z.record(z.string(), z.unknown())),
          })
          .openapi('QuoteRefusal'),
      )
      .openapi({ description: 'Every reason for which the order would be refused, with the codes of `POST /orders`.' }),
  })
  .openapi('Quote');

/** `POST /orders/quote`: what an order would come to, and what would be refused; records nothing. */
export function quoteOrderRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/quote',
    operationId: 'quoteOrder',
    summary: 'Ask what an order would come to',
    description:
      'The body of `POST /orders`, of which the payment method may be left out. Answers with prices, what is in stock and every reason for ' +
      'which the order would be refused. Nothing is recorded, reserved or charged: stock and prices may change before the order is placed.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      body: { required: true, content: { 'application/json': { schema: quoteRequestSchema(api.config.order) } } },
    },
    responses: { 200: json(quoteSchema, 'The quote.'), ...problemResponses(...bodyStatuses) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const request = c.req.valid('json');
      const quote = await api.acceptance(() => quoteOrder(api.orders, c.get('caller'), request));
      return c.json(quoteView(quote), 200);
    },
  });
}

function quoteView({
  customerId,
  currency,
  shippingMethod,
  lines,
  amounts,
  refusals,
}: Quote): z.output<typeof quoteSchema> {
  const money = (minor: number | null | undefined) => (typeof minor === 'number' ? formatMoney(minor, currency) : null);
  const priced = lines.map(({ unitPriceMinor, quantity }) => ({ unitPriceMinor: unitPriceMinor ?? 0, quantity }));
  const discounts = amounts && shareDiscount(priced, amounts.discountMinor);
  return {
    customer_id: customerId,
    currency,
    acceptable: refusals.length === 0,
    items: lines.map((line, index) => ({
      sku: line.sku,
      product_id: line.productId,
      variant_id: line.variantId ?? null,
      name: line.name,
      quantity: line.quantity,
      unit_price: money(line.unitPriceMinor),
      total: money(line.unitPriceMinor === null ? null : line.unitPriceMinor * line.quantity),
      discount: money(discounts?.[index]),
      available: line.available,
    })),
    subtotal: money(amounts?.subtotalMinor),
    discount: money(amounts?.discountMinor),
    tax: money(amounts?.taxMinor),
    shipping: money(amounts?.shippingMinor),
    total: money(amounts?.totalMinor),
    shipping_method: shippingMethod,
    refusals: refusals.map(({ code, message, details }) => ({ code, message, details: details.map(maskDetail) })),
  };
}
