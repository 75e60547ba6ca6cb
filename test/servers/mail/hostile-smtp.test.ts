import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import pino from 'pino';
import { Connection } from 'rabbitmq-client';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../dev/local/free-port.ts';
import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type { ClosableNotificationGateway } from '../../../src/gateways/notification.ts';
import { rabbitNotificationGateway } from '../../../src/gateways/rabbitmq-notification.ts';
import { smtpNotificationGateway } from '../../../src/gateways/smtp-notification.ts';
import { openDatabase, type Database } from '../../../src/repositories/database.ts';
import { mailRecordIn } from '../../../src/repositories/sent-messages.ts';
import { createTestDatabase, type TestDatabase } from '../../setup/database.ts';
import { eventually } from '../../setup/eventually.ts';
import { startRabbit, type RabbitBroker } from '../setup/start-rabbitmq.ts';
import { endLeases } from './end-leases.ts';
import { someConfirmation } from './messages.ts';
import { spawnNotifier, type NotifierProcess } from './spawn-notifier.ts';

/** What the server answers to a recipient: takes the mail, or an SMTP status. */
type Answer = 'take' | number;

let broker: RabbitBroker;
let testDatabase: TestDatabase;
let database: Database;
let gateway: ClosableNotificationGateway;
let server: SMTPServer;
let smtpPort: number;
let notifier: NotifierProcess;
let answer: (address: string) => Answer;
let taken: string[];
let queue: string;

const logger = pino({ level: 'silent' });

beforeAll(async () => {
  [broker, testDatabase] = await Promise.all([startRabbit(), createTestDatabase()]);
  database = openDatabase(testDatabase.url, { max: 4, name: 'test', onError: () => undefined });
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _, done) => {
      const status = answer(address);
      if (status === 'take') done();
      else done(Object.assign(new Error(`<${address}> is refused here`), { responseCode: status }));
    },
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        taken.push(...session.envelope.rcptTo.map(({ address }) => address));
        done();
      });
    },
  });
  smtpPort = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(smtpPort, '127.0.0.1', () => resolve());
  });
}, 300_000);
afterAll(async () => {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await database.close();
  await testDatabase.drop();
  await broker.destroy();
});

let number = 0;
beforeEach(() => {
  answer = () => 'take';
  taken = [];
  queue = `messages-${(number += 1)}`;
  gateway = rabbitNotificationGateway({ url: broker.url, queue, retryDelaysMs: [300, 1_000] }, logger);
});
afterEach(async () => {
  await gateway.close();
  await notifier.stop();
});

const start = (more: Record<string, string> = {}) =>
  spawnNotifier({
    RABBITMQ_URL: broker.url,
    RABBITMQ_QUEUE: queue,
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    DATABASE_URL: testDatabase.runningUrl,
    ...more,
  });

test('a mail that is refused for the moment is sent once the server takes it', { timeout: 120_000 }, async () => {
  let refusals = 0;
  answer = () => ((refusals += 1) <= 3 ? 451 : 'take');
  notifier = await start();
  await gateway.send(someConfirmation('later@example.com'));
  await eventually(() => expect(taken).toEqual(['later@example.com']));
  expect(refusals).toBe(4);
});

test(
  'an address that does not exist is given up at once, with the reason, and holds up nobody else',
  { timeout: 120_000 },
  async () => {
    answer = (address) => (address.startsWith('bounces') ? 550 : 'take');
    notifier = await start();
    const bounced = someConfirmation('bounces@example.com');
    await gateway.send(bounced);
    await gateway.send(someConfirmation('fine@example.com'));
    await eventually(() => expect(taken).toEqual(['fine@example.com']));
    const dead = await takeDeadLetter();
    expect(dead).toMatchObject({ messageId: bounced.idempotencyKey, body: { order_id: bounced.orderId } });
    expect(dead?.headers).toMatchObject({ 'x-reason': expect.stringMatching(/550.*\(address\)/) });
    await eventually(async () => expect(await notifier.figures()).toMatch(/^mails_total\{outcome="refused"\} 1$/m));
    expect(notifier.log.join('\n')).not.toContain('bounces@example.com');
    const givenUp = notifier.log.find((line) => line.includes('given up'));
    expect(JSON.parse(givenUp ?? '{}')).toMatchObject({ order_id: bounced.orderId, type: bounced.type });
  },
);

test('a mail that fails for too long is given up', { timeout: 120_000 }, async () => {
  answer = () => 451;
  notifier = await start({ MAIL_RETRY_FOR: '1s' });
  await gateway.send(someConfirmation('never@example.com'));
  const dead = await eventually(async () => (await takeDeadLetter()) ?? false);
  expect(dead.headers).toMatchObject({ 'x-reason': expect.stringMatching(/still failing after \d+ attempts: .*451/) });
});

test('what is no message is given up with what is wrong with it', { timeout: 120_000 }, async () => {
  notifier = await start();
  const client = new Connection(broker.url);
  const publisher = client.createPublisher({ confirm: true });
  const good = someConfirmation('good@example.com');
  await gateway.send(good);
  await publisher.send({ routingKey: queue, messageId: 'not-json' }, 'not JSON');
  await publisher.send({ routingKey: queue, messageId: 'not-whole' }, { type: 'ORDER_CONFIRMED' });
  await publisher.send({ routingKey: queue }, { type: 'ORDER_CONFIRMED' });
  const reasons: unknown[] = [];
  await eventually(async () => {
    const dead = await takeDeadLetter();
    if (dead) reasons.push(dead.headers?.['x-reason']);
    return reasons.length === 3;
  });
  expect(reasons).toContainEqual(expect.stringContaining('order_id'));
  expect(reasons).toContainEqual('it has no message id');
  await publisher.close();
  await client.close();
});

test('a server that is away or hangs delays mails and blocks nobody for ever', { timeout: 180_000 }, async () => {
  const port = await freePort();
  notifier = await start({ SMTP_URL: `smtp://127.0.0.1:${port}` });
  const message = someConfirmation('patient@example.com');
  await gateway.send(message);
  await eventually(async () => expect(await notifier.figures()).toMatch(/^mails_total\{outcome="failed"\} [1-9]/m));
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  silent.listen(port, '127.0.0.1');
  await eventually(() => sockets.length > 0);
  const before = sockets.length;
  // It gives up on one that says nothing, and tries again.
  await eventually(() => sockets.length > before);
  const failed = await countFailed();
  for (const socket of sockets) socket.destroy();
  silent.close();
  await once(silent, 'close');
  // What became of it is not known where the connection broke, so that nobody takes the mail for a while.
  await eventually(async () => expect(await countFailed()).toBeGreaterThan(failed));
  await endLeases(testDatabase);
  const good = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        taken.push(...session.envelope.rcptTo.map(({ address }) => address));
        done();
      });
    },
  });
  good.listen(port, '127.0.0.1');
  await eventually(() => expect(taken).toEqual(['patient@example.com']));
  await new Promise<void>((resolve) => {
    good.close(() => resolve());
  });
});

test('the worker itself sends each message once, and learns what becomes of it', { timeout: 120_000 }, async () => {
  notifier = await start();
  const texts = { shopName: 'Shop', timeZone: 'UTC', defaultLocale: 'en', templateFolder: undefined };
  const from = { name: 'Shop', address: 'orders@shop.example.com', domain: 'shop.example.com' };
  const mail = { smtpUrl: `smtp://127.0.0.1:${smtpPort}`, from, connections: 2, texts };
  const straight = smtpNotificationGateway(mail, mailRecordIn(database.db), logger);
  const message = someConfirmation('straight@example.com');
  await straight.send(message);
  await straight.send(message);
  expect(taken).toEqual(['straight@example.com']);
  answer = () => 550;
  const refused = await straight.send(someConfirmation('no@example.com')).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(GatewayError);
  expect(refused).toMatchObject({ kind: 'refused', code: 'MAIL_REFUSED' });
  answer = () => 451;
  await expect(straight.send(someConfirmation('soon@example.com'))).rejects.toMatchObject({ kind: 'unreachable' });
  await straight.close();
});

/** How many attempts have failed. */
async function countFailed(): Promise<number> {
  return Number(/^mails_total\{outcome="failed"\} (\d+)/m.exec(await notifier.figures())?.[1] ?? 0);
}

/** The oldest dead letter, which is then gone. */
async function takeDeadLetter() {
  const client = new Connection(broker.url);
  try {
    return await eventually(
      async () => (await client.basicGet({ queue: `${queue}.dead-letter`, noAck: true })) ?? false,
      {
        timeoutMs: 20_000,
      },
    );
  } finally {
    await client.close();
  }
}
