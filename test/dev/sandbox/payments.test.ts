import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paymentCalls } from './payment-calls.ts';
import { startTestSandbox } from './sandbox.ts';
import type { TestSandbox } from './sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const { charge, refund, payments } = paymentCalls(() => sandbox);

describe('charging', () => {
  test('takes the money once a key, however often and however parallel', async () => {
    const order = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => charge(order)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await payments(order)).toEqual([answers[0]?.body]);
    expect(answers[0]?.body).toMatchObject({
      amount: '42.00',
      refunded_amount: '0.00',
      status: 'CAPTURED',
      decline_code: null,
    });
  });

  test.each([
    ['tok_declined', 'CARD_DECLINED'],
    ['tok_insufficient_funds', 'INSUFFICIENT_FUNDS'],
  ])('%s is declined for good, and the decline is on record', async (payment_method, code) => {
    const order = randomUUID();
    const [first, again] = [await charge(order, { payment_method }), await charge(order, { payment_method })];
    expect([first.status, first.body.code, first.body.payment.status]).toEqual([402, code, 'DECLINED']);
    expect(again).toEqual(first);
    expect(await payments(order)).toHaveLength(1);
    const other = await charge(order, {}, `${order}:charge:2`);
    expect(other.status).toBe(201);
  });

  test('a key that was used for another amount, order or currency is refused', async () => {
    const order = randomUUID();
    await charge(order);
    const others: Record<string, string>[] = [{ amount: '42.01' }, { currency: 'GBP' }, { order_id: randomUUID() }];
    for (const given of others) {
      const answer = await charge(order, given);
      expect([answer.status, answer.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
  });

  test('can be looked up by key, before and after', async () => {
    const order = randomUUID();
    const lookup = async () => (await sandbox.call('GET', `/payments?idempotency_key=${order}:charge`)).body.data;
    expect(await lookup()).toEqual([]);
    const { body } = await charge(order);
    expect(await lookup()).toEqual([body]);
    expect((await sandbox.call('GET', `/payments/${body.id}`)).body).toEqual(body);
  });

  test.each([
    ['a price with too many decimals', { amount: '1.234' }],
    ['no money', { amount: '0.00' }],
    ['a negative amount', { amount: '-1.00' }],
    ['an unknown currency', { currency: 'XXX' }],
    ['something that is no token', { payment_method: '4111111111111111' }],
  ])('refuses %s', async (_, given: Record<string, string>) => {
    const answer = await charge(randomUUID(), given);
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION']);
    expect(answer.body.details).toHaveLength(1);
  });

  test('counts in minor units of the currency', async () => {
    const order = randomUUID();
    expect((await charge(order, { amount: '1250', currency: 'JPY' })).body.amount).toBe('1250');
  });
});

test('totals add up what every payment says, by currency', async () => {
  const order = randomUUID();
  const before = await totalsOf('BHD');
  const { id } = (await charge(order, { amount: '10.005', currency: 'BHD' })).body;
  await refund(id, `${order}:refund`, '0.001');
  await charge(order, { amount: '3.000', currency: 'BHD', payment_method: 'tok_declined' }, `${order}:charge:2`);
  expect(before).toBeUndefined();
  expect(await totalsOf('BHD')).toEqual({
    currency: 'BHD',
    captured: '10.005',
    refunded: '0.001',
    declined_count: 1,
    captured_count: 1,
  });
});

test('the list of all payments comes in pages without a gap or a repeat', async () => {
  await Promise.all(Array.from({ length: 7 }, () => charge(randomUUID())));
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await sandbox.call('GET', `/payments?limit=3${cursor && `&cursor=${cursor}`}`);
    ids.push(...body.data.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor;
  }
  const { body } = await sandbox.call('GET', '/payments?limit=1000');
  expect(ids).toEqual(body.data.map(({ id }: { id: string }) => id));
  expect(ids.length).toBeGreaterThanOrEqual(7);
});

async function totalsOf(currency: string) {
  const { body } = await sandbox.call('GET', '/payments/totals');
  return body.data.find((row: { currency: string }) => row.currency === currency);
}
