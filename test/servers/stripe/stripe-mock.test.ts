import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../dev/local/free-port.ts';
import { kill, spawnServer, type ServerProcess } from '../../../dev/local/server-process.ts';
import type { ReceivedRequest } from '../../../dev/stripe/stripe-server.ts';
import { stripeEventReader } from '../../../src/gateways/stripe/stripe-events.ts';
import { errorOf } from '../../gateways/calls.ts';
import { captureOf, newCharge, startStripeRig } from '../../gateways/stripe/stripe-rig.ts';
import { captureLog } from '../../setup/captured-log.ts';
import { eventually } from '../../setup/eventually.ts';
import { findGoProgram, goPrograms } from '../setup/find-program.ts';

const AUTHORIZATION = { authorization: 'Bearer sk_test_123' };

let rig: Awaited<ReturnType<typeof startStripeRig>>;
let mock: ServerProcess;
let mockUrl: string;

beforeAll(async () => {
  rig = await startStripeRig();
  const command = await findGoProgram(goPrograms.stripeMock);
  const port = await freePort();
  mockUrl = `http://127.0.0.1:${port}`;
  mock = await spawnServer({ command, args: ['-http-port', String(port), '-https-port', '0'], log: () => undefined });
  await eventually(async () => (await fetch(`${mockUrl}/v1/charges`, { headers: AUTHORIZATION })).ok);
});
afterAll(async () => {
  kill(mock.pid, 'SIGKILL');
  await mock.exited;
  await rig.stop();
});

/** Makes every request to Stripe that there is, of a fake that remembers them. */
async function useEverything(): Promise<void> {
  const { books, faults } = rig.stripe;
  const gateway = rig.newGateway({ returnUrl: 'https://shop.example/back', isCapturedInParts: true });
  const pay = async (paymentMethod: string, how: 'charge' | 'authorize') => {
    const charge = newCharge({ paymentMethod });
    const outcome = await gateway[how](charge);
    return { charge, paymentId: 'paymentId' in outcome ? outcome.paymentId : '' };
  };
  const { charge, paymentId } = await pay('pm_card_visa', 'authorize');
  const capture = captureOf(charge, paymentId);
  await gateway.capture({ ...capture, amountMinor: 1_000, isFinal: false });
  await gateway.capture({ ...capture, idempotencyKey: `${charge.orderId}:capture:2`, amountMinor: 500 });
  await gateway.findCapture(capture.idempotencyKey);
  await gateway.refund({ ...charge, idempotencyKey: `${charge.orderId}:refund:1`, amountMinor: 200, charges: [] });
  await gateway.voidOrder(charge.orderId, 'EUR');
  const simple = await pay('pm_card_visa', 'charge');
  await rig.gateway.authorize(newCharge());
  await pay('pm_card_chargeDeclined', 'authorize');
  const asked = await pay('pm_card_authenticationRequired', 'charge');
  await gateway.voidCharge(asked.charge.orderId, asked.charge.idempotencyKey, 'EUR');
  faults.add('lost', /^\/v1\/payment_intents$/, { times: 2 });
  const lost = newCharge();
  await errorOf(gateway.charge(lost));
  await rig.age(lost.idempotencyKey, 30);
  rig.stripe.saved.forget();
  for (const [id, madeAtMs] of books.madeAtMs) books.madeAtMs.set(id, madeAtMs - 90_000);
  await gateway.findCharge(lost.idempotencyKey);
  const never = newCharge();
  await rig.records.begin(never);
  await gateway.voidOrder(never.orderId, 'EUR');
  await gateway.listMovements({ from: new Date(0), to: new Date(), cursor: undefined });
  const dispute = books.dispute(books.intent(simple.paymentId), 100);
  const settings = { secretKey: 'sk_test_key', apiUrl: rig.stripe.url, timeoutMs: 3_000, returnUrl: undefined };
  const read = stripeEventReader({ ...settings, isCapturedInParts: false }, rig.records, captureLog().logger);
  await read({ type: 'charge.dispute.created', objectId: dispute.id, intentId: undefined });
  await read({ type: 'refund.updated', objectId: 're_1', intentId: simple.paymentId });
}

test('every request that is made of Stripe is one that Stripe knows, with parameters that it takes', async () => {
  await useEverything();
  const { requests } = rig.stripe;
  const kinds = new Set(
    requests.map(({ method, path }) => `${method} ${path.replaceAll(/\/(pi|ch|re|dp)_\w+/g, '/:id')}`),
  );
  expect([...kinds].toSorted()).toEqual([
    'GET /v1/balance_transactions',
    'GET /v1/charges/:id',
    'GET /v1/disputes/:id',
    'GET /v1/payment_intents',
    'GET /v1/payment_intents/:id',
    'GET /v1/payment_intents/search',
    'GET /v1/refunds',
    'POST /v1/payment_intents',
    'POST /v1/payment_intents/:id/cancel',
    'POST /v1/payment_intents/:id/capture',
    'POST /v1/refunds',
  ]);
  const refused = [];
  for (const request of requests) {
    const answer = await askMock(request);
    if (!answer.ok) refused.push([request.method, request.path, request.body, await answer.text()]);
  }
  expect(refused).toEqual([]);
});

test('what Stripe does not take is found out', async () => {
  const wrong = { method: 'POST', path: '/v1/payment_intents', body: 'amount=100&currency=eur&capture_methods=manual' };
  expect((await askMock(wrong)).status).toBe(400);
});

/** Sends what was sent to the fake to the mock, which checks it against Stripe's description of its API. */
function askMock({ method, path, body }: Pick<ReceivedRequest, 'method' | 'path' | 'body'>): Promise<Response> {
  if (method === 'GET') return fetch(`${mockUrl}${path}?${body}`, { headers: AUTHORIZATION });
  const headers = { ...AUTHORIZATION, 'content-type': 'application/x-www-form-urlencoded' };
  return fetch(`${mockUrl}${path}`, { method, headers, body });
}
