import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { startTestSystem, teaOrder, type TestSystem } from '../../e2e/system.ts';
import { startMailpit, type Mailpit } from '../setup/start-mailpit.ts';
import { startRabbit, type RabbitBroker } from '../setup/start-rabbitmq.ts';

let broker: RabbitBroker;
let mailpit: Mailpit;
let system: TestSystem;

beforeAll(async () => {
  [broker, mailpit] = await Promise.all([startRabbit(), startMailpit()]);
  system = await startTestSystem({
    RABBITMQ_URL: broker.url,
    SMTP_URL: mailpit.smtpUrl,
    SMTP_FROM: 'Der Laden <orders@shop.example.com>',
    MAIL_RETRY_DELAYS: '300ms,1s',
    MESSAGES_ORDER_URL: 'https://shop.example.com/orders/{order_number}',
  });
}, 300_000);
afterAll(async () => {
  await system.destroy();
  await mailpit.destroy();
  await broker.destroy();
});

const place = (email: string, more: object = {}) =>
  system.call('POST', '/orders', { body: { ...teaOrder, locale: 'de', customer_email: email, ...more } });

const support = { sub: 'sam', roles: ['admin'] };

const move = (id: string, status: string) =>
  system.call('PUT', `/orders/${id}/status`, { body: { status, reason: 'packed' }, ...support });

/** Waits until so many mails have come to the address; answers their subjects, sorted. */
const subjectsTo = (email: string, count: number) =>
  eventually(async () => {
    const mails = await mailpit.mailsTo(email);
    expect(mails.length).toBeGreaterThanOrEqual(count);
    return mails.map(({ subject }) => subject).toSorted();
  });

test(
  'the mails about an order come from placing it to its delivery, each once and in the language of the order',
  { timeout: 180_000 },
  async () => {
    const { status, body: order } = await place('ada@example.com');
    expect(status).toBe(201);
    const number = order.order_number;
    for (const next of ['PROCESSING', 'SHIPPED', 'DELIVERED']) expect((await move(order.id, next)).status).toBe(200);
    expect(await subjectsTo('ada@example.com', 3)).toEqual([
      `Ihre Bestellung ${number} ist angekommen`,
      `Ihre Bestellung ${number} ist bestätigt`,
      `Ihre Bestellung ${number} ist unterwegs`,
    ]);
    const [mail] = await mailpit.mailsTo('ada@example.com');
    expect(mail?.html).toContain(`https://shop.example.com/orders/${number}`);
    const { body } = await system.call('GET', `/orders/${order.id}/notifications`, support);
    expect(body.data).toMatchObject([
      { type: 'ORDER_CONFIRMED', state: 'SENT' },
      { type: 'ORDER_SHIPPED', state: 'SENT', recipient: 'a***@example.com' },
      { type: 'ORDER_DELIVERED', state: 'SENT', recipient: 'a***@example.com' },
    ]);
  },
);

test('a customer who cancels or cannot pay learns what becomes of the order', { timeout: 180_000 }, async () => {
  const { body: cancelled } = await place('bea@example.com');
  expect((await system.call('DELETE', `/orders/${cancelled.id}`)).status).toBe(200);
  const number = cancelled.order_number;
  expect(await subjectsTo('bea@example.com', 3)).toEqual([
    `Ihre Bestellung ${number} ist bestätigt`,
    `Ihre Bestellung ${number} ist storniert`,
    `Wir haben Ihnen 25,00 € für Ihre Bestellung ${number} erstattet`,
  ]);
  const mails = await mailpit.mailsTo('bea@example.com');
  expect(mails.map(({ text }) => text).join('\n')).not.toContain('no reason given');
  expect((await place('cleo@example.com', { payment_method: 'tok_declined' })).status).toBe(402);
  expect(await subjectsTo('cleo@example.com', 1)).toEqual([expect.stringMatching(/^Die Zahlung .* fehlgeschlagen$/)]);
});

test('an order is confirmed while the broker is down, and its mail comes after', { timeout: 240_000 }, async () => {
  await broker.kill();
  const { status, body: order } = await place('dora@example.com');
  expect(status).toBe(201);
  expect(order.status).toBe('CONFIRMED');
  await broker.start();
  expect(await subjectsTo('dora@example.com', 1)).toEqual([`Ihre Bestellung ${order.order_number} ist bestätigt`]);
});
