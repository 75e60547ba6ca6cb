import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../dev/local/free-port.ts';
import { buildPostgresUrl, startPostgres } from '../dev/local/postgres.ts';
import { rabbitNotificationGateway } from '../src/gateways/rabbitmq-notification.ts';
import { createLogger } from '../src/logger.ts';
import { migrateToLatest } from '../src/repositories/migrate.ts';
import { someConfirmation } from '../test/servers/mail/messages.ts';
import { spawnNotifier, type NotifierProcess } from '../test/servers/mail/spawn-notifier.ts';
import { startMailpit, type Mailpit } from '../test/servers/setup/start-mailpit.ts';
import { startRabbit, type RabbitBroker } from '../test/servers/setup/start-rabbitmq.ts';
import type { PartReport } from './part.ts';

const MAILS = 3_000;
const LEAST_SENT = 100;

/** Messages that wait for the broker's confirmation at the same time, as those of a worker under load. */
const PUBLISHERS = 50;

const PASSWORD = 'bench';

/** What the measurement runs on: a broker, a mail server, a PostgreSQL of its own and one notifier. */
interface Bed {
  readonly broker: RabbitBroker;
  readonly mailpit: Mailpit;
  readonly notifier: NotifierProcess;
}

/** Measures how many mails a second go through a broker and one notifier to a mail server, from the first message to the last mail. */
export async function benchMail(say: (line: string) => void): Promise<PartReport> {
  await using started = new AsyncDisposableStack();
  say('starting RabbitMQ, PostgreSQL, a mail server and a notifier');
  const { broker, mailpit, notifier } = await startBed(started);
  const logger = createLogger({ level: 'error', format: 'json' }, 'bench');
  const settings = { url: broker.url, queue: 'notifications', retryDelaysMs: [1_000] };
  const gateway = rabbitNotificationGateway(settings, logger);
  started.defer(gateway.close);
  await gateway.send(someConfirmation('first@example.com'));
  await until(async () => (await readFigure(notifier, SENT)) === 1);
  say(`sending ${MAILS} mails`);
  const startedMs = performance.now();
  let next = 0;
  const publish = async () => {
    while (next < MAILS) await gateway.send(someConfirmation(`customer-${(next += 1)}@example.com`));
  };
  await Promise.all(Array.from({ length: PUBLISHERS }, publish));
  const published = (1_000 * MAILS) / (performance.now() - startedMs);
  await until(async () => (await readFigure(notifier, SENT)) === MAILS + 1);
  const sent = (1_000 * MAILS) / (performance.now() - startedMs);
  const arrived = new Set((await mailpit.list()).map(({ to }) => to)).size;
  if (arrived !== MAILS + 1) throw new Error(`${arrived} of ${MAILS + 1} customers got their mail`);
  const megabytes = ((await readFigure(notifier, 'process_resident_memory_bytes')) ?? 0) / 1_000_000;
  return {
    facts: [
      `RabbitMQ took ${Math.round(published)} messages/s while mails were sent`,
      `each of ${MAILS} customers got one mail; the notifier had ${Math.round(megabytes)} MB in the end`,
    ],
    targets: [{ name: `${LEAST_SENT} mails/s through RabbitMQ`, measured: sent, met: sent >= LEAST_SENT }],
  };
}

async function startBed(started: AsyncDisposableStack): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-mail-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port, password: PASSWORD, log: () => {} });
  started.defer(postgres.stop);
  const url = buildPostgresUrl(port, 'postgres', { name: 'postgres', password: PASSWORD });
  await migrateToLatest(url);
  const broker = await startRabbit();
  started.defer(broker.destroy);
  const mailpit = await startMailpit();
  started.defer(mailpit.destroy);
  const settings = { RABBITMQ_URL: broker.url, SMTP_URL: mailpit.smtpUrl, DATABASE_URL: url, LOG_LEVEL: 'warn' };
  const notifier = await spawnNotifier({ ...settings, MAIL_RETRY_DELAYS: '1s' });
  started.defer(notifier.stop);
  return { broker, mailpit, notifier };
}

const SENT = 'mails_total{outcome="sent"}';

async function readFigure(notifier: NotifierProcess, name: string): Promise<number | undefined> {
  const line = (await notifier.figures()).split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(100);
}
