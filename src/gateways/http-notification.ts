import { z } from 'zod';
import type { ServiceEndpoint } from '../config/service-settings.ts';
import type { Logger } from '../logger.ts';
import { serviceClient } from './http-client.ts';
import { toNotificationMessage } from './notification-message.ts';
import type { NotificationGateway } from './notification.ts';

/** A notification service over HTTP, as the sandbox speaks it. */
export function httpNotificationGateway(endpoint: ServiceEndpoint, logger: Logger): NotificationGateway {
  const call = serviceClient({ name: 'notification', endpoint, logger });
  return {
    send: async (notification) => {
      const { idempotencyKey } = notification;
      await call({
        operation: 'send',
        method: 'POST',
        path: '/notifications',
        body: toNotificationMessage(notification),
        idempotencyKey,
        schema: z.unknown(),
      });
      return notification.recipient;
    },
  };
}
