import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEventSink } from '../../src/events/create-event-sink.ts';
import { publishBatch } from '../../src/events/publish-outbox.ts';
import { openOrders } from '../repositories/orders.ts';
import { logger, writeEvents } from './outbox-rig.ts';

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
  await orders.db.deleteFrom('outbox').execute();
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

const publish = (url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`) => {
  const { db } = orders;
  return publishBatch({ db, logger, sink: createEventSink(db, { url, secret, retentionMs: 1 }, logger) });
};

test('each event is posted as a CloudEvent, signed, with its id as the message id', async () => {
  const [orderId] = await writeEvents(orders.db, { orders: 1, count: 2 });
  expect(await publish()).toMatchObject({ published: 2 });

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
  const [refused] = await writeEvents(orders.db, { orders: 2, count: 2 });
  answer = (order) => (order === refused ? 500 : 200);
  expect(await publish()).toMatchObject({ published: 2, failed: 2 });
  expect(received.filter(({ body }) => JSON.parse(body).subject === refused)).toHaveLength(1);
});

test('a receiver that was unavailable gets every event later', async () => {
  await writeEvents(orders.db, { orders: 2, count: 2 });
  expect(await publish('http://127.0.0.1:9/')).toMatchObject({ published: 0, failed: 4 });
  await orders.db
    .updateTable('outbox')
    .set({ retry_at: new Date(0) })
    .execute();
  expect(await publish()).toMatchObject({ published: 4 });
});
