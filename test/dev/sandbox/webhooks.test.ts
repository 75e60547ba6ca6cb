import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { paymentCalls } from './payment-calls.ts';
import { startTestSandbox, type TestSandbox } from './sandbox.ts';

const secret = `whsec_${Buffer.from('the secret of the payment service').toString('base64')}`;
// oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever the wire holds
const received: { id: string | string[] | undefined; message: any }[] = [];
let status = 200;
let receiver: Server;
let sandbox: TestSandbox;

beforeAll(async () => {
  receiver = createServer((request, response) => void receive(request, response));
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  sandbox = await startTestSandbox({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, secret });
});
beforeEach(() => {
  received.length = 0;
  status = 200;
});
afterEach(() => sandbox.call('DELETE', '/faults'));
afterAll(async () => {
  await sandbox.stop();
  receiver.close();
});

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const message = new Webhook(secret).verify(body, request.headers as Record<string, string>);
  received.push({ id: request.headers['webhook-id'], message });
  response.writeHead(status).end();
}

const { charge, payments } = paymentCalls(() => sandbox);
const unheard = (mode: string) =>
  sandbox.call('POST', '/faults', { service: 'payment', operation: 'charge', mode, times: 1, delay_ms: 20 });
const about = (order: string) => received.filter(({ message }) => message.data.order_id === order);

test.each(['fail_after_effect', 'timeout_after_effect', 'late_effect'])(
  'a charge whose caller meets %s is told of by a signed webhook',
  async (mode) => {
    const order = randomUUID();
    await unheard(mode);
    // One whose connection is cut hears nothing at all.
    await charge(order).catch(() => {});
    await eventually(() => expect(about(order)).toHaveLength(1));
    const [payment] = await payments(order);
    expect(about(order)[0]?.message).toMatchObject({
      type: 'payment.captured',
      data: { payment_id: payment.id, idempotency_key: `${order}:charge`, amount: '42.00', currency: 'EUR' },
    });
  },
);

test('a decline that its caller does not hear of is told of as one', async () => {
  const order = randomUUID();
  await unheard('fail_after_effect');
  await charge(order, { payment_method: 'tok_insufficient_funds' });
  await eventually(() => expect(about(order)).toHaveLength(1));
  expect(about(order)[0]?.message).toMatchObject({
    type: 'payment.declined',
    data: { decline_code: 'INSUFFICIENT_FUNDS' },
  });
});

test('a charge whose caller hears of it has no webhook', async () => {
  const order = randomUUID();
  expect((await charge(order)).status).toBe(201);
  expect((await sandbox.call('GET', `/webhooks?order_id=${order}`)).body.data).toEqual([]);
});

test('a webhook is sent until it is received, also by the next process, and again when asked, under the same id', async () => {
  const order = randomUUID();
  status = 500;
  await unheard('fail_after_effect');
  await charge(order);
  await eventually(() => expect(about(order).length).toBeGreaterThanOrEqual(2));
  await sandbox.restart();
  status = 204;
  const webhook = await eventually(async () => {
    const [row] = (await sandbox.call('GET', `/webhooks?order_id=${order}`)).body.data;
    expect(row.delivered_at).not.toBeNull();
    return row;
  });
  const before = about(order).length;

  expect((await sandbox.call('POST', `/webhooks/${webhook.id}/resend`)).status).toBe(202);

  await eventually(() => expect(about(order)).toHaveLength(before + 1));
  expect(new Set(about(order).map(({ id }) => id))).toEqual(new Set([webhook.id]));
  expect((await sandbox.call('POST', '/webhooks/none/resend')).status).toBe(404);
});
