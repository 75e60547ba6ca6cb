import type { RabbitSettings } from '../config.ts';
import type { Logger } from '../logger.ts';
import { openRabbit, PublishError, type Rabbit } from '../rabbitmq/open-rabbitmq.ts';
import { runOutsideRequest } from '../request-context.ts';
import { GatewayError } from './gateway-error.ts';
import { toNotificationMessage } from './notification-message.ts';
import type { ClosableNotificationGateway } from './notification.ts';
import { callReporter } from './report-call.ts';

/**
 * Puts messages into a queue of RabbitMQ, each under its key as the message's id. One that the broker has not confirmed is published again by whoever sends,
 * under the same id, and whoever consumes sends it once. It connects with the first message.
 */
export function rabbitNotificationGateway(settings: RabbitSettings, logger: Logger): ClosableNotificationGateway {
  let rabbit: Rabbit | undefined;
  const report = callReporter(logger, 'notification');
  return {
    send: async (notification) => {
      const call = { request: { operation: 'send' }, startedAt: performance.now() };
      try {
        const body = toNotificationMessage(notification);
        // The connection is shared by the messages of all orders.
        rabbit ??= runOutsideRequest(() => openRabbit({ ...settings, name: 'order-saga' }, logger));
        await rabbit.publish({ routingKey: settings.queue, messageId: notification.idempotencyKey, body });
        report(call, undefined);
        return notification.recipient;
      } catch (error) {
        const failure = toGatewayError(error);
        report(call, failure);
        throw failure;
      }
    },
    close: async () => {
      await rabbit?.close();
    },
  };
}

function toGatewayError(error: unknown): GatewayError {
  const isSent = !(error instanceof PublishError) || error.isSent;
  const message = error instanceof Error ? error.message : String(error);
  return new GatewayError(isSent ? 'unknown' : 'unreachable', 'notification', message, { cause: error });
}
