import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureLog } from '../setup/captured-log.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

const log = captureLog();
let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig({ logger: log.logger });
});
afterAll(() => rig.stop());

const CANARY = 'Kanarienvogel';
const EMAIL = `${CANARY}@cage.example`;
const CARD = '4000056655665556';

const address = { name: CANARY, line1: CANARY, city: CANARY, region: CANARY, postal_code: '1', country: 'GB' };
const order = {
  shipping_address: address,
  billing_address: address,
  notes: CANARY,
  metadata: { friend: EMAIL },
  payment_method: `tok_${CANARY}`,
};

test('no log line of any level holds names, addresses, notes, e-mail addresses, card numbers, payment methods or tokens', async () => {
  const token = await rig.token('alice', ['customer', 'support']);
  const { body } = await rig.place(order);
  const path = `/api/v1/orders/${body.id}`;
  await rig.place({ ...order, payment_method: 'tok_declined', notes: EMAIL });
  await rig.place({ ...order, [CANARY]: CANARY, items: [{ sku: CANARY, quantity: 1 }] });
  await rig.place({ ...order, notes: `my card is ${CARD}` });
  await rig.request('POST', '/api/v1/orders', { body: `{"notes": "${CANARY}` });
  await rig.request('GET', `/api/v1/orders?q=${CANARY}`, { as: 'support' });
  await rig.request('GET', `/api/v1/${CANARY}/${EMAIL}?email=${EMAIL}&card=${CARD}`);
  await rig.request('GET', path, { token });
  await rig.request('GET', path, { token: `${token}x` });
  await rig.request('PATCH', path, { token, body: { shipping_address: { ...address, line1: EMAIL } } });
  await rig.request('POST', `${path}/cancel`, { token, body: { reason: CANARY } });
  rig.commands.mode = 'down';
  await rig.place(order);
  rig.commands.mode = 'up';
  const lines = log.text();
  expect(lines.split('\n').filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThanOrEqual(12);
  for (const secret of [CANARY, CANARY.toLowerCase(), CARD, token, token.split('.')[2]!]) {
    expect(lines.split('\n').filter((line) => line.includes(secret))).toEqual([]);
  }
});

test.each([
  [
    'a field',
    { email: EMAIL, phone: CANARY, shipping_address: address, nested: { token: CANARY, deep: { secret: CANARY } } },
  ],
  [
    'an error that quotes an e-mail address',
    { err: new Error(`no user ${EMAIL.replace(CANARY, 'someone')}, card ${CARD}`) },
  ],
])('what personal or secret data is logged by mistake is left out: %s', (_, fields) => {
  log.clear();
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)
    log.logger[level](fields, 'mistake');
  expect(log.text().trim().split('\n')).toHaveLength(6);
  for (const secret of [CANARY, 'someone@', CARD]) expect(log.text()).not.toContain(secret);
});
