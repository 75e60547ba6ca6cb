import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rabbitNotificationGateway } from '../../../src/gateways/rabbitmq-notification.ts';
import type { ClosableNotificationGateway } from '../../../src/gateways/notification.ts';
import { sampleNotifications } from '../../../src/mail/sample-notifications.ts';
import { createTestDatabase, type TestDatabase } from '../../setup/database.ts';
import { eventually } from '../../setup/eventually.ts';
import { startMailpit, type Mailpit } from '../setup/start-mailpit.ts';
import { startRabbit, type RabbitBroker } from '../setup/start-rabbitmq.ts';
import { endLeases } from './end-leases.ts';
import { someConfirmation } from './messages.ts';
import { spawnNotifier, type NotifierProcess } from './spawn-notifier.ts';

const retryDelaysMs = [300, 1_000];

let broker: RabbitBroker;
let mailpit: Mailpit;
let database: TestDatabase;
let notifier: NotifierProcess;
let gateway: ClosableNotificationGateway;

const settings = () => ({ RABBITMQ_URL: broker.url, SMTP_URL: mailpit.smtpUrl, DATABASE_URL: database.runningUrl });

beforeAll(async () => {
  [broker, mailpit, database] = await Promise.all([startRabbit(), startMailpit(), createTestDatabase()]);
  notifier = await spawnNotifier(settings());
  const logger = pino({ level: 'silent' });
  gateway = rabbitNotificationGateway({ url: broker.url, queue: 'notifications', retryDelaysMs }, logger);
}, 300_000);
afterAll(async () => {
  await gateway.close();
  await notifier.stop();
  await mailpit.destroy();
  await broker.destroy();
  await database.drop();
});

test('a message of every type arrives as a mail in every language, with both parts', { timeout: 120_000 }, async () => {
  const locales = ['en', 'de', 'fr', 'ja'];
  const messages = locales.flatMap((locale) =>
    sampleNotifications(locale)
      .slice(0, 13)
      .map((sample, n) => ({
        ...sample,
        idempotencyKey: `${sample.idempotencyKey}:${locale}:${n}`,
        recipient: { name: 'Ada', email: `${locale}-${n}@example.com` },
      })),
  );
  await Promise.all(messages.map((message) => gateway.send(message)));
  await eventually(async () => expect(await mailpit.list()).toHaveLength(messages.length));
  const mails = await Promise.all((await mailpit.list()).map(({ id }) => mailpit.read(id)));
  for (const mail of mails) {
    const locale = mail.to.slice(0, 2);
    expect(mail.headers).toMatchObject({
      From: ['The Shop <orders@shop.example.com>'],
      'Auto-Submitted': ['auto-generated'],
      'List-Id': ['<orders.shop.example.com>'],
      'Content-Language': [locale],
      'Content-Type': [expect.stringContaining('multipart/alternative')],
      Date: [expect.any(String)],
    });
    expect(mail.messageId).toMatch(/^[0-9a-f]{40}@shop\.example\.com$/);
    expect(mail.subject).toMatch({ en: /order/, de: /Bestellung/, fr: /commande/, ja: /ご注文/ }[locale] ?? /none/);
    expect(mail.text).toContain('The Shop');
    expect(mail.html).toContain(`<html lang="${locale}">`);
    expect(mail.html).not.toMatch(/src=|url\(|<script|<link/);
  }
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(messages.length);
});

test('a message that is published three times at once arrives once', { timeout: 120_000 }, async () => {
  const message = someConfirmation('three@example.com');
  await Promise.all([gateway.send(message), gateway.send(message), gateway.send(message)]);
  const marker = someConfirmation('marker@example.com');
  await gateway.send(marker);
  await eventually(async () => expect(await mailpit.mailsTo('marker@example.com')).toHaveLength(1));
  await eventually(async () => expect(await notifier.figures()).toMatch(/^mails_total\{outcome="duplicate"\} [2-9]/m));
  await eventually(async () => expect(await notifier.figures()).toMatch(/^mail_queue_messages\{queue="waiting"\} 0/m));
  expect(await mailpit.mailsTo('three@example.com')).toHaveLength(1);
});

test(
  'a broker that is killed before it confirms loses no message, and the one that is published again arrives once',
  { timeout: 240_000 },
  async () => {
    const message = someConfirmation('unconfirmed@example.com');
    await broker.freeze();
    await expect(gateway.send(message)).rejects.toMatchObject({ name: 'GatewayError', kind: 'unknown' });
    broker.thaw();
    await broker.kill();
    await expect(gateway.send(message)).rejects.toMatchObject({ name: 'GatewayError' });
    await broker.start();
    await eventually(() => gateway.send(message));
    await eventually(async () => expect(await mailpit.mailsTo('unconfirmed@example.com')).toHaveLength(1));
  },
);

test(
  'a notifier that is killed amid its mails loses none, and what it was sending comes at most twice, with the same Message-ID',
  { timeout: 240_000 },
  async () => {
    const before = (await mailpit.list()).length;
    const messages = Array.from({ length: 300 }, (_, n) => someConfirmation(`kill-${n}@example.com`));
    await Promise.all(messages.map((message) => gateway.send(message)));
    await eventually(async () => expect((await mailpit.list()).length).toBeGreaterThan(before + 20));
    await notifier.kill();
    await endLeases(database);
    notifier = await spawnNotifier(settings());
    const received = async () => (await mailpit.list()).filter(({ to }) => to.startsWith('kill-'));
    await eventually(async () => expect(new Set((await received()).map(({ to }) => to)).size).toBe(300), {
      timeoutMs: 120_000,
    });
    const mails = await received();
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(300);
    // It had four connections.
    expect(mails.length).toBeLessThanOrEqual(304);
  },
);
