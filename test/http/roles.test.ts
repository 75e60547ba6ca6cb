import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { address, order, startApiRig, token, type ApiRig } from './api-rig.ts';
import type { Role } from '../../src/domain/caller.ts';

/**
 * What everybody gets from every route: a customer at an order of their own and at another's, the service that placed it and another
 * one, each other role, and nobody.
 * The order waits for its payment; 202 says that a command was taken, 400 that the order is not in the state for it.
 */
const table = `
                                       own     other   placer   service   support   operator   admin   nobody
  POST   /orders                       202     403     202      202       403       403        202     401
  POST   /orders/quote                 200     403     200      200       200       200        200     401
  GET    /orders                       200     200     200      200       200       200        200     401
  GET    /orders/{id}                  200     404     200      404       200       200        200     401
  GET    /orders/{id}/details          403     403     403      403       200       200        200     401
  PATCH  /orders/{id}                  200     404     200      404       200       200        200     401
  PUT    /orders/{id}                  200     404     200      404       200       200        200     401
  DELETE /orders/{id}                  202     404     202      404       202       202        202     401
  POST   /orders/{id}/cancel           202     404     202      404       202       202        202     401
  GET    /orders/{id}/status           200     404     200      404       200       200        200     401
  PUT    /orders/{id}/status           403     403     403      403       200       200        200     401
  GET    /orders/{id}/items            200     404     200      404       200       200        200     401
  POST   /orders/{id}/items            202     404     202      404       202       202        202     401
  PATCH  /orders/{id}/items/{item_id}  202     404     202      404       202       202        202     401
  DELETE /orders/{id}/items/{item_id}  202     404     202      404       202       202        202     401
  GET    /orders/{id}/shipments        200     404     200      404       200       200        200     401
  PATCH  /orders/{id}/shipments/{shipment_id} 403 403     403      403       404       404        404     401
  GET    /orders/{id}/returns          200     404     200      404       200       200        200     401
  POST   /orders/{id}/returns          400     404     400      404       400       400        400     401
  POST   /orders/{id}/notes            403     403     403      403       201       201        201     401
  GET    /orders/{id}/notes            403     403     403      403       200       200        200     401
  GET    /orders/{id}/refunds          200     404     200      404       200       200        200     401
  POST   /orders/{id}/refunds          403     403     403      403       400       403        400     401
  GET    /orders/{id}/disputes         403     403     403      403       200       200        200     401
  POST   /orders/{id}/disputes/close   403     403     403      403       403       400        400     401
  GET    /orders/{id}/history          200     404     200      404       200       200        200     401
  GET    /orders/{id}/payments         200     404     200      404       200       200        200     401
  GET    /orders/{id}/events           200     404     200      404       200       200        200     401
  POST   /orders/{id}/payment          400     404     400      404       403       403        400     401
  GET    /orders/{id}/review           403     403     403      403       200       200        200     401
  POST   /orders/{id}/review           403     403     403      403       202       403        202     401
  GET    /orders/{id}/saga             403     403     403      403       200       200        200     401
  POST   /orders/{id}/saga/{step}      403     403     403      403       403       202        202     401
  GET    /sagas/waiting                403     403     403      403       200       200        200     401
  GET    /queues                       403     403     403      403       200       200        200     401
  GET    /queues/{queue}               403     403     403      403       200       200        200     401
  POST   /sagas/resolve                403     403     403      403       403       202        202     401
  GET    /sagas/resolve                403     403     403      403       403       200        200     401
  GET    /sagas/resolve/{id}           403     403     403      403       403       404        404     401
  GET    /orders/export                403     403     403      403       200       200        200     401
  POST   /orders/batch                 403     403     400      400       403       403        400     401
  POST   /imports                      403     403     415      415       403       403        415     401
  GET    /imports                      403     403     200      200       403       200        200     401
  GET    /imports/{id}                 403     403     404      404       403       404        404     401
  GET    /imports/{id}/errors          403     403     404      404       403       404        404     401
  POST   /imports/{id}/pause           403     403     404      404       403       404        404     401
  POST   /imports/{id}/resume          403     403     404      404       403       404        404     401
  POST   /imports/{id}/cancel          403     403     404      404       403       404        404     401
  POST   /imports/{id}/acknowledge     403     403     403      403       403       404        404     401
  POST   /reconciliations              403     403     403      403       403       202        202     401
  GET    /reconciliations              403     403     403      403       403       200        200     401
  GET    /reconciliations/{id}         403     403     403      403       403       404        404     401
  GET    /reconciliations/{id}/differences 403 403     403      403       403       404        404     401
  GET    /reports/sales                403     403     403      403       200       200        200     401
  GET    /reports/statuses             403     403     403      403       200       200        200     401
  GET    /reports/products             403     403     403      403       200       200        200     401
  GET    /reports/processing-times     403     403     403      403       200       200        200     401
  GET    /reports/hours                403     403     403      403       200       200        200     401
  GET    /reports/steps                403     403     403      403       200       200        200     401
  GET    /workers                      403     403     403      403       403       200        200     401
  GET    /audit/export                 403     403     403      403       403       200        200     401
  GET    /audit                        403     403     403      403       403       200        200     401
  GET    /events                       403     403     403      403       403       200        200     401
  GET    /events/sinks                 403     403     403      403       403       200        200     401
  POST   /events/retry                 403     403     403      403       403       200        200     401
  POST   /events/skip                  403     403     403      403       403       200        200     401
  POST   /events/forget-sink           403     403     403      403       403       400        400     401
  GET    /coupons                      403     403     200      200       200       200        200     401
  GET    /coupons/{code}               403     403     200      200       200       200        200     401
  PUT    /coupons/{code}               403     403     403      403       403       403        200     401
  POST   /webhook-endpoints            403     403     403      403       403       403        400     401
  GET    /webhook-endpoints            403     403     403      403       403       403        200     401
  GET    /webhook-endpoints/{id}       403     403     403      403       403       403        404     401
  PATCH  /webhook-endpoints/{id}       403     403     403      403       403       403        404     401
  DELETE /webhook-endpoints/{id}       403     403     403      403       403       403        404     401
  POST   /webhook-endpoints/{id}/rotate-secret 403 403 403      403       403       403        404     401
  GET    /webhook-endpoints/{id}/deliveries 403 403    403      403       403       403        404     401
  POST   /webhook-endpoints/{id}/deliveries/{event_id}/redeliver 403 403 403 403 403 403       404     401
  POST   /webhook-endpoints/{id}/redeliver 403 403     403      403       403       403        404     401
  POST   /webhooks/payments            401     401     401      401       401       401        401     401
  POST   /webhooks/inventory           401     401     401      401       401       401        401     401
  POST   /webhooks/shipping            401     401     401      401       401       401        401     401
  GET    /orders/{id}/notifications    403     403     403      403       200       200        200     401
  POST   /orders/{id}/notifications    403     403     403      403       400       403        400     401
  GET    /notifications                403     403     403      403       200       200        200     401
  POST   /notifications/retry          403     403     403      403       200       200        200     401
  POST   /notifications/skip           403     403     403      403       200       200        200     401
  POST   /webhooks/stripe              401     401     401      401       401       401        401     401
  GET    /inbox                        403     403     403      403       403       200        200     401
  POST   /inbox/retry                  403     403     403      403       403       200        200     401
  POST   /inbox/skip                   403     403     403      403       403       200        200     401
`;

const callers: Record<string, { sub: string; role: Role } | null> = {
  own: { sub: 'alice', role: 'customer' },
  other: { sub: 'bob', role: 'customer' },
  placer: { sub: 'shop', role: 'service' },
  service: { sub: 'feed', role: 'service' },
  support: { sub: 'sam', role: 'support' },
  operator: { sub: 'olga', role: 'operator' },
  admin: { sub: 'ada', role: 'admin' },
  nobody: null,
};

/** What is sent where something has to be. */
const bodies: Record<string, unknown> = {
  'POST /orders': { ...order, customer_id: 'alice' },
  'POST /orders/quote': { ...order, customer_id: 'alice' },
  'PATCH /orders/{id}': { notes: 'ring twice' },
  'PUT /orders/{id}': {
    customer_name: null,
    customer_email: null,
    customer_phone: null,
    reference: null,
    locale: null,
    shipping_address: address,
    billing_address: null,
    notes: null,
  },
  'PATCH /webhook-endpoints/{id}': { enabled: true },
  'POST /webhook-endpoints/{id}/redeliver': { since: '2026-11-01' },
  'POST /orders/{id}/items': { sku: 'MUG', quantity: 1 },
  'PATCH /orders/{id}/items/{item_id}': { quantity: 3 },
  'PATCH /orders/{id}/shipments/{shipment_id}': { carrier: 'DHL' },
  'POST /orders/{id}/disputes/close': { dispute_id: 'dp_1', outcome: 'won', reason: 'x' },
  'POST /reconciliations': { from: '2026-11-01', to: '2026-11-02' },
  'POST /orders/{id}/refunds': { amount: '1.00', reason: 'late' },
  'POST /orders/{id}/returns': {
    items: [{ item_id: '019a0000-0000-7000-8000-000000000000', quantity: 1 }],
    reason: 'x',
  },
  'POST /orders/{id}/notes': { text: 'x' },
  'POST /orders/{id}/cancel': {},
  'PUT /orders/{id}/status': { status: 'PENDING', reason: 'x' },
  'POST /orders/{id}/payment': { payment_method: 'tok_ok' },
  'POST /orders/{id}/review': { decision: 'approve', reason: 'x' },
  'POST /orders/{id}/saga/{step}': { action: 'retry', reason: 'x' },
  'POST /sagas/resolve': { filter: { step: 'chargePayment' }, action: 'retry', reason: 'x' },
  'PUT /coupons/{code}': { kind: 'percent', value: '5' },
  'POST /orders/batch': {},
  'POST /events/retry': { sink: 'kafka', reason: 'x' },
  'POST /events/skip': { sink: 'kafka', reason: 'x' },
  'POST /webhooks/payments': {},
  'POST /webhooks/inventory': {},
  'POST /webhooks/shipping': {},
  'POST /orders/{id}/notifications': { type: 'ORDER_SHIPPED' },
  'POST /notifications/retry': { type: 'ORDER_SHIPPED', reason: 'x' },
  'POST /notifications/skip': { type: 'ORDER_SHIPPED', reason: 'x' },
  'POST /webhooks/stripe': {},
  'POST /inbox/retry': { type: 'payment.refunded', reason: 'x' },
  'POST /inbox/skip': { type: 'payment.refunded', reason: 'x' },
};

const [head = '', ...lines] = table.trim().split('\n');
const columns = head.trim().split(/\s+/);
const rows = lines.map((line) => {
  const [method = '', path = '', ...statuses] = line.trim().split(/\s+/);
  return { route: `${method} ${path}`, method, path, expected: statuses.map(Number) };
});

describe('roles', () => {
  let rig: ApiRig;
  let params: Record<string, string>;

  beforeAll(async () => {
    rig = await startApiRig();
    rig.commands.mode = 'silent';
    const headers = { Prefer: 'respond-async' };
    const { body } = await rig.place({ customer_id: 'alice' }, { as: 'service', sub: 'shop', headers });
    params = {
      id: body.id,
      item_id: body.items[0].id,
      shipment_id: body.id,
      step: 'chargePayment',
      code: 'SPRING',
      queue: 'BACKORDERED',
    };
    await rig.request('PUT', '/api/v1/coupons/SPRING', { as: 'admin', body: bodies['PUT /coupons/{code}'] });
  });
  afterAll(() => rig.stop());

  async function statusFor(column: string, { method, path, route }: (typeof rows)[number]): Promise<number> {
    const caller = callers[column];
    const body = bodies[route];
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'nothing');
    const response = await rig.api.request(`/api/v1${filled}`, {
      method,
      headers: {
        Prefer: 'respond-async',
        ...(caller && { authorization: `Bearer ${await token(caller.sub, [caller.role])}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    await response.body?.cancel();
    return response.status;
  }

  test.each(rows)('decide who may $route', async (row) => {
    const statuses: number[] = [];
    for (const column of columns) statuses.push(await statusFor(column, row));
    expect(describeRow(row.route, statuses)).toBe(describeRow(row.route, row.expected));
  });

  test('are tested for every route', async () => {
    const { body } = await rig.request('GET', '/openapi.json');
    const routes = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
    expect(rows.map(({ route }) => route).toSorted()).toEqual(routes.toSorted());
    for (const { expected } of rows) expect(expected).toHaveLength(columns.length);
  });

  test('that are unknown allow nothing', async () => {
    const unknown = await token('alice', ['root', 'Admin']);
    for (const target of ['/api/v1/orders', `/api/v1/orders/${params['id']}`]) {
      const { status, body } = await rig.request('GET', target, { token: unknown });
      expect([status, body.code]).toEqual([403, 'FORBIDDEN']);
    }
  });
});

function describeRow(route: string, statuses: readonly number[]): string {
  return `${route}: ${columns.map((column, index) => `${column} ${statuses[index]}`).join(', ')}`;
}
