import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roles, type Role } from '../../src/http/authenticate.ts';
import { startApiRig, token, type ApiRig } from './api-rig.ts';

/** What each role gets from each route: on an order of its own (only customers have any), and on another's. */
const reading = { customer: [200, 404], service: [200], support: [200], operator: [200], admin: [200] };
const matrix: [string, string, unknown, Record<Role, number[]>][] = [
  ['GET', '', undefined, reading],
  ['GET', '/status', undefined, reading],
  ['GET', '/items', undefined, reading],
  ['GET', '/history', undefined, reading],
  ['GET', '/payments', undefined, reading],
  ['GET', '/saga', undefined, { customer: [403, 403], service: [403], support: [200], operator: [200], admin: [200] }],
  [
    'PUT',
    '/status',
    { status: 'PENDING', reason: 'x' },
    { customer: [403, 403], service: [403], support: [200], operator: [200], admin: [200] },
  ],
  ['POST', '/cancel', {}, { customer: [202, 404], service: [202], support: [202], operator: [202], admin: [202] }],
  ['DELETE', '', undefined, { customer: [202, 404], service: [202], support: [202], operator: [202], admin: [202] }],
  [
    'POST',
    '/payment',
    { payment_method: 'tok_ok' },
    { customer: [400, 404], service: [400], support: [403], operator: [403], admin: [400] },
  ],
  [
    'POST',
    '/saga/chargePayment',
    { action: 'retry', reason: 'x' },
    { customer: [403, 403], service: [403], support: [403], operator: [202], admin: [202] },
  ],
];

describe('roles', () => {
  let rig: ApiRig;
  let path: string;

  beforeAll(async () => {
    rig = await startApiRig();
    rig.commands.mode = 'silent';
    path = `/api/v1/orders/${(await rig.place({}, { headers: { Prefer: 'respond-async' } })).body.id}`;
  });
  afterAll(() => rig.stop());

  test.each(matrix)('decide who may %s an order%s', async (method, below, body, expected) => {
    for (const role of roles) {
      const own = role === 'customer' ? ['alice', 'bob'] : ['somebody'];
      const answers = own.map((sub) => rig.request(method, path + below, { as: role, sub, body }));
      const statuses = (await Promise.all(answers)).map(({ status }) => status);
      expect({ role, statuses }).toEqual({ role, statuses: expected[role] });
    }
  });

  test.each([
    ['customer', 201],
    ['service', 201],
    ['admin', 201],
    ['support', 403],
    ['operator', 403],
  ] as const)('let a %s place an order: %i', async (as, status) => {
    rig.commands.mode = 'up';
    expect((await rig.place({ customer_id: 'alice' }, { as })).status).toBe(status);
  });

  test('that nobody knows open nothing', async () => {
    const unknown = await token('alice', ['root', 'Admin']);
    for (const target of ['/api/v1/orders', path]) {
      const { status, body } = await rig.request('GET', target, { token: unknown });
      expect([status, body.code]).toEqual([403, 'FORBIDDEN']);
    }
  });
});
