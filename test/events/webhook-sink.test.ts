import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { configuredSinks } from '../../src/events/configured-sinks.ts';
import { publishOutbox } from '../../src/events/publish-outbox.ts';
import { openOrders } from '../repositories/orders.ts';
import { emptyOutbox, endPauses, logger, rules, writeEvents } from './outbox-rig.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, yes').toString('base64')}`;
const received: { headers: IncomingMessage['headers']; body: string }[] = [];
let answer: (order: string) => number;
let server: Server;
let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
  server = createServer((request, response) => void receive(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(async () => {
  received.length = 0;
  answer = () => 204;
  await emptyOutbox(orders.db);
});
afterAll(async () => {
  server.close();
  await orders.close();
});

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  received.push({ headers: request.headers, body });
  response.writeHead(answer(JSON.parse(body).subject)).end();
}

const publish = (url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`) =>
  publishOutbox({ db: orders.db, sinks: configuredSinks({ url, secret }), rules, logger });

const numbersOf = (orderId: string | undefined) =>
  received.map(({ body }) => JSON.parse(body)).flatMap(({ subject, data }) => (subject === orderId ? [data.n] : []));

test('each event is posted as a CloudEvent, signed, with its id as the message id', async () => {
  const [orderId] = await writeEvents(orders.db, { orders: 1, count: 2 });
  await publish();

  expect(received).toHaveLength(2);
  for (const { headers, body } of received) {
    const event = new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>;
    expect(event).toMatchObject({ specversion: '1.0', type: 'order.tested', subject: orderId, source: '/orders' });
    expect(headers['webhook-id']).toBe(event['id']);
    expect(headers['content-type']).toBe('application/cloudevents+json');
  }
  expect(received.map(({ body }) => JSON.parse(body).data)).toEqual([{ n: 0 }, { n: 1 }]);
});

test('no event is sent after a refused one of the same order, and other orders are not delayed', async () => {
  const [refused, other] = await writeEvents(orders.db, { orders: 2, count: 2 });
  answer = (order) => (order === refused ? 500 : 200);
  await publish();
  expect(numbersOf(refused)).toEqual([0]);
  expect(numbersOf(other)).toEqual([0, 1]);
});

test.each([
  ['is not reachable', 'http://127.0.0.1:9/'],
  ['refuses everything', undefined],
])('a receiver that %s gets every event later', async (_, url) => {
  const ids = await writeEvents(orders.db, { orders: 2, count: 2 });
  answer = () => 503;
  await publish(url);
  received.length = 0;
  answer = () => 204;
  await endPauses(orders.db);
  await publish();
  for (const id of ids) expect(numbersOf(id)).toEqual([0, 1]);
});
