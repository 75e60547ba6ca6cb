import { expect, test } from 'vitest';
import { openRabbit } from '../../src/rabbitmq/open-rabbitmq.ts';
import { runForRequest } from '../../src/request-context.ts';
import { captureLog } from '../setup/captured-log.ts';
import { eventually } from '../setup/eventually.ts';

test('what becomes of the connection is not logged as part of the request that opened it', async () => {
  const log = captureLog();
  const options = { url: 'amqp://127.0.0.1:1', queue: 'notifications', retryDelaysMs: [1_000], name: 'test' };
  const rabbit = runForRequest({ requestId: 'r-1', orderId: 'o-1' }, () => openRabbit(options, log.logger));
  await eventually(() => expect(log.text()).toContain('RabbitMQ is away'));
  expect(log.text()).not.toMatch(/r-1|o-1/);
  await rabbit.close();
});
