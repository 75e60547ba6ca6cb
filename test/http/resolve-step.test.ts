import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordReview } from '../../src/orders/record-review.ts';
import { beginReview, writeVerdict } from '../../src/repositories/order-reviews.ts';
import { captureLog } from '../setup/captured-log.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());
beforeEach(() => {
  rig.commands.mode = 'up';
  rig.commands.sent.length = 0;
});

const placed = async (body: object = {}): Promise<string> => {
  const answer = await rig.place(body);
  return `/api/v1/orders/${answer.body.id ?? answer.body.order_id}`;
};
const resolve = (path: string, step: string, body: object) =>
  rig.request('POST', `${path}/saga/${step}`, { as: 'operator', sub: 'olga', body });

describe('resolving a step', () => {
  test('tells the saga who decided what', async () => {
    const path = await placed();
    const { status } = await resolve(path, 'refundPaymentIfCharged', { action: 'resolve', reason: 'refunded by hand' });
    expect(status).toBe(200);
    expect(rig.commands.sent).toMatchObject([
      { name: 'resolveStep', command: { step: 'refundPaymentIfCharged', action: 'resolve', actor: 'operator:olga' } },
    ]);
  });

  test('is refused when there is no such step or resolution', async () => {
    const path = await placed();
    expect((await resolve(path, 'bakeCake', { action: 'retry', reason: 'x' })).body.details).toMatchObject([
      { parameter: 'step' },
    ]);
    expect((await resolve(path, 'chargePayment', { action: 'hope', reason: 'x' })).body.details).toMatchObject([
      { pointer: '/action' },
    ]);
  });
});

describe('an order that waits for its review', () => {
  const reason = 'the goods go to GB, the bill to US';

  /** Places an order, has it reviewed and puts on record that a person has to decide. */
  async function reviewed(): Promise<string> {
    const path = await placed();
    const orderId = path.split('/').at(-1)!;
    const { db } = rig.parts.database;
    const key = `${orderId}:review`;
    const review = { occasion: 'placed', customerId: 'alice', currency: 'EUR' } as const;
    await beginReview(db, { ...review, key, orderId, paymentMethodHashes: ['a'], shippingAddressHash: 'b' });
    await writeVerdict(db, key, { verdict: 'review', reasons: [reason] });
    await recordReview(
      { db, announcer: rig.announcer, logger: captureLog().logger },
      {
        orderId,
        key: `${key}:1`,
        reviewKey: key,
        verdict: 'review',
        reasons: [reason],
        until: '2026-12-01T12:00:00.000Z',
        step: { step: 'reviewOrder', state: 'FAILED', attempts: 1, lastError: reason },
        progress: { steps: [] },
      },
    );
    return path;
  }

  test('shows why to staff, and to its customer nowhere', async () => {
    const path = await reviewed();
    const { body } = await rig.request('GET', `${path}/review`, { as: 'support', sub: 'sam' });
    expect(body.data).toMatchObject([
      { verdict: 'review', reasons: [reason], decide_until: '2026-12-01T12:00:00.000Z' },
    ]);
    const staffHistory = await rig.request('GET', `${path}/history`, { as: 'support', sub: 'sam' });
    expect(JSON.stringify(staffHistory.body)).toContain(reason);
    for (const part of ['', '/history', '/payments', '/status']) {
      const seen = await rig.request('GET', `${path}${part}`);
      expect(seen.status).toBe(200);
      expect(JSON.stringify(seen.body)).not.toContain(reason);
    }
    const events = await rig.database.db.selectFrom('outbox').select('payload').execute();
    expect(JSON.stringify(events)).toContain('waits for a person to review it');
    expect(JSON.stringify(events)).not.toContain(reason);
    const listed = await rig.request('GET', '/api/v1/orders?step=reviewOrder&needs_attention=true', { as: 'support' });
    expect(listed.body.data).toHaveLength(1);
  });

  test('is decided on by support, and the saga is told who decided and why', async () => {
    const path = await reviewed();
    rig.commands.sent.length = 0;
    const body = { decision: 'reject', reason: 'stolen card' };
    expect((await rig.request('POST', `${path}/review`, { as: 'support', sub: 'sam', body })).status).toBe(200);
    expect(rig.commands.sent).toMatchObject([
      { name: 'reviewOrder', command: { decision: 'reject', reason: 'stolen card', actor: 'support:sam' } },
    ]);
  });
});
