import { readNotifierConfig } from './config/notifier-config.ts';
import { createLogger } from './logger.ts';
import { deliverMessage } from './mail/deliver-message.ts';
import { openMailSender } from './mail/mail-sender.ts';
import { createMessageRenderer } from './mail/render-message.ts';
import { consumeMessages } from './notifier/consume-messages.ts';
import { serveFigures } from './notifier/serve-figures.ts';
import { openRabbit } from './rabbitmq/open-rabbitmq.ts';
import { openDatabase } from './repositories/database.ts';
import { failMessage } from './repositories/fail-message.ts';
import { mailRecordIn } from './repositories/sent-messages.ts';
import { runProcess } from './run-process.ts';
import { serveProbes } from './serve-probes.ts';

/** Two statements a mail. */
const DATABASE_POOL_MAX = 4;

/** Takes messages to customers from a queue of RabbitMQ and sends them as mails. */
await runProcess(async () => {
  const config = readNotifierConfig();
  const logger = createLogger(config.log, 'notifier');
  const render = createMessageRenderer(config.mail.texts);
  const database = openDatabase(config.databaseUrl, {
    max: DATABASE_POOL_MAX,
    name: 'order-saga-notifier',
    onError: ({ message: reason }) => {
      logger.warn({ reason }, 'database connection lost');
    },
  });
  const sender = openMailSender(config.mail);
  const delivery = { render, sender, record: mailRecordIn(database.db), from: config.mail.from };
  const rabbit = openRabbit({ ...config.rabbit, name: 'order-saga-notifier' }, logger);
  const { retryDelaysMs } = config.rabbit;
  const metrics = serveFigures(config.metrics, rabbit, retryDelaysMs, logger);
  const consumer = consumeMessages({
    rabbit,
    deliver: (notification) => deliverMessage(delivery, notification),
    reportFailed: (notification, reason) => failMessage(database.db, notification, reason),
    logger,
    retryDelaysMs,
    retryForMs: config.retryForMs,
    concurrency: config.mail.connections,
  });
  const isReady = () => Promise.resolve(rabbit.isConnected());
  const probes = config.probePort === undefined ? undefined : await serveProbes(config.probePort, isReady);
  const stop = async () => {
    await consumer.stop();
    await rabbit.close();
    sender.close();
    await database.close();
    probes?.close();
    await metrics?.close();
  };
  return { stop, stopDelayMs: 0 };
});
