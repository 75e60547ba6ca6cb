import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { messageAbout, startInboundRig } from './inbound-rig.ts';

let rig: Awaited<ReturnType<typeof startInboundRig>>;
let orderId: string;

beforeAll(async () => {
  rig = await startInboundRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  rig.commands.disputed.length = 0;
  orderId = await rig.placePaid();
});

const dispute = (status: string, data: object = {}) =>
  rig.receive(
    messageAbout(orderId, 'payment.disputed', {
      dispute_id: 'dp_1',
      amount: '25.00',
      currency: 'EUR',
      status,
      ...data,
    }),
  );
const order = () => rig.order(orderId);
const refunds = () => rig.refunds(orderId);

describe('a dispute', () => {
  test('has the order looked at, says what to do, and ends with the decision', async () => {
    expect((await dispute('opened', { reason: 'fraudulent' })).state).toBe('APPLIED');
    expect(await order()).toMatchObject({ sagaState: 'NEEDS_ATTENTION', paymentStatus: 'CAPTURED' });
    expect(rig.commands.disputed.at(-1)).toMatchObject({
      orderId,
      disputed: { problem: expect.stringContaining('dp_1') },
    });
    await rig.move(orderId, 'SHIPPED');
    expect((await order()).sagaState).toBe('NEEDS_ATTENTION');
    const list = await rig.request('GET', '/api/v1/orders?needs_attention=true', { as: 'support' });
    expect(list.body.data.map(({ id }: { id: string }) => id)).toContain(orderId);
    await dispute('won');
    expect(await order()).toMatchObject({ sagaState: 'COMPLETED', paymentStatus: 'CAPTURED' });
    expect(rig.commands.disputed.at(-1)?.disputed.problem).toBeNull();
  });

  test('that is lost books the money as gone, once, also when its opening comes late', async () => {
    await dispute('lost', { amount: '10.00' });
    await dispute('lost', { amount: '10.00' });
    await dispute('opened', { amount: '10.00' });
    expect(await refunds()).toEqual([1_000]);
    expect(await order()).toMatchObject({ sagaState: 'COMPLETED', paymentStatus: 'PARTIALLY_REFUNDED' });
  });

  test('that nobody tells more of is closed by an operator, once, with their reason on record', async () => {
    await dispute('opened', { amount: '10.00' });
    const path = `/api/v1/orders/${orderId}/disputes/close`;
    const close = (dispute_id: string, outcome: string) =>
      rig.request('POST', path, { as: 'operator', sub: 'olga', body: { dispute_id, outcome, reason: 'a letter' } });
    const closed = [await close('dp_2', 'lost'), await close('dp_1', 'lost'), await close('dp_1', 'lost')];
    expect([...closed, await close('dp_1', 'won')].map(({ status }) => status)).toEqual([400, 200, 200, 400]);
    expect(await refunds()).toEqual([1_000]);
    expect(await order()).toMatchObject({ sagaState: 'COMPLETED', paymentStatus: 'PARTIALLY_REFUNDED' });
    const { body } = await rig.request('GET', `/api/v1/orders/${orderId}/history`, { as: 'support' });
    expect(body.data.at(-1)).toMatchObject({ actor: 'operator:olga', reason: expect.stringContaining('a letter') });
  });

  test('of more than was charged is a dead letter', async () => {
    expect((await dispute('opened', { amount: '25.01' })).state).toBe('DEAD');
    expect((await order()).sagaState).toBe('COMPLETED');
  });
});
