import { expect, test } from 'vitest';
import { confirmationOf } from '../../src/domain/notify-of-order.ts';
import { rabbitNotificationGateway } from '../../src/gateways/rabbitmq-notification.ts';
import { runForRequest } from '../../src/request-context.ts';
import { someOrder } from '../repositories/orders.ts';
import { captureLog } from '../setup/captured-log.ts';
import { eventually } from '../setup/eventually.ts';

test('what becomes of the connection to the broker is not logged as part of the request that opened it', async () => {
  const log = captureLog();
  const settings = { url: 'amqp://127.0.0.1:1', queue: 'notifications', retryDelaysMs: [1_000] };
  const gateway = rabbitNotificationGateway(settings, log.logger);
  const order = { ...someOrder(), orderNumber: 'ORD-00000042' };
  const sent = runForRequest({ requestId: 'r-1' }, () => gateway.send(confirmationOf(order))).catch(() => undefined);
  await eventually(() => expect(log.text()).toContain('RabbitMQ is away'));
  const [line] = log.text().match(/.*RabbitMQ is away.*/) ?? [];
  expect(line).not.toContain('r-1');
  await gateway.close();
  await sent;
});
