import { toJson } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/domain/caller.ts';
import { BadRequestSchema, ErrorInfoSchema } from '../../src/grpc/generated/google/rpc/error_details_pb.ts';
import { OrderSchema, OrderStatus, type Order } from '../../src/grpc/generated/orders/v1/order_pb.ts';
import { order as httpOrder, type ApiAnswer } from '../http/api-rig.ts';
import { by, newOrder, startGrpcRig, type GrpcRig } from './grpc-rig.ts';

/** The same asked through both doors, each of an order of its own. */
interface Question {
  readonly as?: Role;
  readonly sub?: string;
  readonly headers?: Record<string, string>;
  readonly http: (id: string, itemId: string) => readonly [method: string, path: string, body?: unknown];
  readonly grpc: (
    client: GrpcRig['orderService'],
    id: string,
    itemId: string,
    options: Awaited<ReturnType<typeof by>>,
  ) => Promise<{ order?: Order | undefined } | { orders: Order[] }>;
}

const UNKNOWN = '019a0000-0000-7000-8000-000000000000';
const { currency: _grpcCurrency, ...withoutCurrency } = newOrder;
const { currency: _httpCurrency, ...httpWithoutCurrency } = httpOrder;

/** An order with something else in it. */
function placing(http: object, grpc: object, who: Pick<Question, 'as' | 'sub'> = {}): Question {
  return {
    ...who,
    http: () => ['POST', '/orders', { ...httpOrder, ...http }],
    grpc: (client, _id, _itemId, options) => client.createOrder({ ...newOrder, ...grpc }, options),
  };
}

function status(
  http: object,
  grpc: object,
  who: Pick<Question, 'as' | 'sub'> = { as: 'support', sub: 'sam' },
): Question {
  return {
    ...who,
    http: (id) => ['PUT', `/orders/${id}/status`, http],
    grpc: (client, orderId, _itemId, options) => client.updateOrderStatus({ orderId, ...grpc }, options),
  };
}

function adding(http: object, grpc: object = http): Question {
  return {
    http: (id) => ['POST', `/orders/${id}/items`, http],
    grpc: (client, orderId, _itemId, options) => client.addOrderItem({ orderId, ...grpc }, options),
  };
}

const questions: Record<string, Question> = {
  'an order': placing({}, {}),
  'an order with everything': placing(
    { notes: 'ring', metadata: { a: 'b' }, shipping_method: 'express', billing_address: httpOrder.shipping_address },
    { notes: 'ring', metadata: { a: 'b' }, shippingMethod: 'express', billingAddress: newOrder.shippingAddress },
  ),
  'an order by its product id and a price': placing(
    { items: [{ sku: 'MUG', quantity: 3, unit_price: '12.50' }] },
    { items: [{ sku: 'MUG', quantity: 3, unitPrice: '12.50' }] },
  ),
  'an order without a currency': {
    http: () => ['POST', '/orders', httpWithoutCurrency],
    grpc: (client, _id, _itemId, options) => client.createOrder(withoutCurrency, options),
  },
  'an order of another currency': placing({ currency: 'USD' }, { currency: 'USD' }),
  'an order in no currency': placing({ currency: 'XXZ' }, { currency: 'XXZ' }),
  'an order of nothing at all': {
    http: () => ['POST', '/orders', {}],
    grpc: (client, _id, _itemId, options) => client.createOrder({}, options),
  },
  'too few goods': placing({ items: [{ sku: 'PENNY', quantity: 1 }] }, { items: [{ sku: 'PENNY', quantity: 1 }] }),
  'no goods of a line': placing({ items: [{ sku: 'MUG', quantity: 0 }] }, { items: [{ sku: 'MUG', quantity: 0 }] }),
  'a line without a quantity': placing({ items: [{ sku: 'MUG' }] }, { items: [{ sku: 'MUG' }] }),
  'a line without a product': placing({ items: [{ quantity: 1 }] }, { items: [{ quantity: 1 }] }),
  'goods that nobody knows': placing(
    { items: [{ sku: 'NOPE', quantity: 1 }] },
    { items: [{ sku: 'NOPE', quantity: 1 }] },
  ),
  'goods at another price': placing(
    { items: [{ sku: 'MUG', quantity: 2, unit_price: '1.00' }] },
    { items: [{ sku: 'MUG', quantity: 2, unitPrice: '1.00' }] },
  ),
  'goods at a price of a service': placing(
    { customer_id: 'alice', items: [{ sku: 'MUG', quantity: 20, unit_price: '1.00' }] },
    { customerId: 'alice', items: [{ sku: 'MUG', quantity: 20, unitPrice: '1.00' }] },
    { as: 'service', sub: 'shop' },
  ),
  'goods at a price that is none': placing(
    { items: [{ sku: 'MUG', quantity: 2, unit_price: 'free' }] },
    { items: [{ sku: 'MUG', quantity: 2, unitPrice: 'free' }] },
  ),
  'goods that are out of stock': placing(
    { items: [{ sku: 'GONE', quantity: 1 }] },
    { items: [{ sku: 'GONE', quantity: 1 }] },
  ),
  'a card that is declined': placing({ payment_method: 'tok_declined' }, { paymentMethod: 'tok_declined' }),
  'a card number': placing({ payment_method: '4242424242424242' }, { paymentMethod: '4242424242424242' }),
  'an order for somebody else': placing({ customer_id: 'bob' }, { customerId: 'bob' }),
  'an order of somebody who is inactive': placing({}, {}, { sub: 'ivy' }),
  'an order by support': placing({}, {}, { as: 'support', sub: 'sam' }),
  'a read': {
    http: (id) => ['GET', `/orders/${id}`],
    grpc: (client, orderId, _itemId, options) => client.getOrder({ orderId }, options),
  },
  "a read of somebody else's": {
    sub: 'bob',
    http: (id) => ['GET', `/orders/${id}`],
    grpc: (client, orderId, _itemId, options) => client.getOrder({ orderId }, options),
  },
  'a read of nothing': {
    http: () => ['GET', `/orders/${UNKNOWN}`],
    grpc: (client, _id, _itemId, options) => client.getOrder({ orderId: UNKNOWN }, options),
  },
  'a list': {
    sub: 'bob',
    http: () => ['GET', '/orders?status=CONFIRMED&limit=3'],
    grpc: (client, _id, _itemId, options) => client.listOrders({ status: OrderStatus.CONFIRMED, limit: 3 }, options),
  },
  'a list of somebody else': {
    http: () => ['GET', '/orders?customer_id=bob'],
    grpc: (client, _id, _itemId, options) => client.listOrders({ customerId: 'bob' }, options),
  },
  'a list that is too long': {
    http: () => ['GET', '/orders?limit=201'],
    grpc: (client, _id, _itemId, options) => client.listOrders({ limit: 201 }, options),
  },
  'a list after nothing': {
    http: () => ['GET', '/orders?cursor=nope'],
    grpc: (client, _id, _itemId, options) => client.listOrders({ cursor: 'nope' }, options),
  },
  'picked goods': status(
    { status: 'PROCESSING', reason: 'picked' },
    { status: OrderStatus.PROCESSING, reason: 'picked' },
  ),
  'sent goods': status(
    { status: 'SHIPPED', reason: 'sent', tracking: { carrier: 'DHL', number: 'J1' } },
    { status: OrderStatus.SHIPPED, reason: 'sent', tracking: { carrier: 'DHL', number: 'J1' } },
  ),
  'a status that may not follow': status(
    { status: 'DELIVERED', reason: 'x' },
    { status: OrderStatus.DELIVERED, reason: 'x' },
  ),
  'a status without a reason': status({ status: 'SHIPPED' }, { status: OrderStatus.SHIPPED }),
  'a status by a customer': status(
    { status: 'SHIPPED', reason: 'x' },
    { status: OrderStatus.SHIPPED, reason: 'x' },
    {},
  ),
  'no more of it': {
    http: (id) => ['POST', `/orders/${id}/cancel`, { reason: 'changed my mind' }],
    grpc: (client, orderId, _itemId, options) => client.cancelOrder({ orderId, reason: 'changed my mind' }, options),
  },
  'no more of it, for no reason': {
    http: (id) => ['POST', `/orders/${id}/cancel`, { reason: ' ' }],
    grpc: (client, orderId, _itemId, options) => client.cancelOrder({ orderId, reason: ' ' }, options),
  },
  'more of it': adding({ sku: 'TEA-001', quantity: 1 }),
  'more of it, of nothing': adding({ sku: 'TEA-001', quantity: 0 }),
  'more of it, at another price': adding(
    { sku: 'TEA-001', quantity: 1, unit_price: '1.00' },
    { sku: 'TEA-001', quantity: 1, unitPrice: '1.00' },
  ),
  'more of a line': {
    http: (id, itemId) => ['PATCH', `/orders/${id}/items/${itemId}`, { quantity: 3 }],
    grpc: (client, orderId, itemId, options) => client.updateOrderItem({ orderId, itemId, quantity: 3 }, options),
  },
  'more of a line that there is not': {
    http: (id) => ['PATCH', `/orders/${id}/items/${UNKNOWN}`, { quantity: 3 }],
    grpc: (client, orderId, _itemId, options) =>
      client.updateOrderItem({ orderId, itemId: UNKNOWN, quantity: 3 }, options),
  },
  'nothing of a line': {
    http: (id, itemId) => ['DELETE', `/orders/${id}/items/${itemId}?reason=x`],
    grpc: (client, orderId, itemId, options) => client.removeOrderItem({ orderId, itemId, reason: 'x' }, options),
  },
  'a key that is none': { ...placing({}, {}), headers: { 'Idempotency-Key': 'k'.repeat(256) } },
};

describe('gRPC answers as HTTP does', () => {
  let rig: GrpcRig;
  beforeAll(async () => {
    rig = await startGrpcRig();
  });
  afterAll(() => rig.stop());

  test.each(Object.entries(questions))('when asked for %s', async (_, question) => {
    const { as = 'customer', sub = 'alice', headers } = question;
    const asked = await Promise.all([rig.place(), rig.place()]);
    const [one, other] = asked.map(({ body }) => [String(body.id), String(body.items[0].id)] as const);
    const [method, path, body] = question.http(...one!);
    const http = await rig.request(method, `/api/v1${path}`, { as, sub, body, ...(headers && { headers }) });
    const options = await by(as, sub, headers ? { headers } : {});
    const grpc = await question.grpc(rig.orderService, ...other!, options).catch((error: unknown) => error);
    expect(described(grpc)).toEqual(expected(http));
  });
});

/** What is told in both protocols, without what belongs to the one order. */
function described(answer: unknown) {
  if (answer instanceof ConnectError) {
    const [info] = answer.findDetails(ErrorInfoSchema);
    const [bad] = answer.findDetails(BadRequestSchema);
    const faults = bad?.fieldViolations.map(({ field, description }) => `${field}: ${description}`) ?? [];
    return {
      code: info?.reason,
      message: anonymous(answer.rawMessage),
      faults,
      hasOrder: 'order_id' in (info?.metadata ?? {}),
    };
  }
  if (typeof answer !== 'object' || answer === null) return answer;
  if ('orders' in answer) return { count: (answer.orders as Order[]).length };
  return { order: comparable(toJson(OrderSchema, (answer as { order: Order }).order, { useProtoFieldName: true })) };
}

function expected({ status: code, body }: ApiAnswer) {
  if (code >= 400) {
    const faults = (body.details as Record<string, string>[])
      .filter(
        ({ message, pointer, parameter, header }) =>
          message !== undefined && (pointer ?? parameter ?? header) !== undefined,
      )
      .map(({ pointer, parameter, header, message }) => `${fieldOf(pointer ?? `/${parameter ?? header}`)}: ${message}`);
    return { code: body.code, message: anonymous(body.detail), faults, hasOrder: 'order_id' in body };
  }
  return 'data' in body ? { count: body.data.length } : { order: comparable(body) };
}

function fieldOf(pointer: string): string {
  return pointer
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replace('Idempotency-Key', 'idempotency-key');
}

function anonymous(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/^The (metadata|header|query|path) /, 'The body ');
}

/** Without nulls, empty lists and zeros, which a message leaves out, and what is of this order only. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string'
      ? anonymous(value)
          .replace(/^(ORDER_STATUS|PAYMENT_STATUS|SAGA_STATE)_/, '')
          .replace(/^ORD-\d+$/, '<number>')
      : value;
  }
  const fields = Object.entries(value).map(([name, one]) => [name, comparable(one)] as const);
  return Object.fromEntries(fields.filter(([, one]) => one !== null && one !== 0 && !isEmpty(one)));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
