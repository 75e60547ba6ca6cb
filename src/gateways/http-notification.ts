import { z } from 'zod';
import type { Logger } from '../logger.ts';
import { serviceClient } from './http-client.ts';
import type { NotificationGateway } from './notification.ts';

/** A notification service over HTTP, as the sandbox speaks it. */
export function httpNotificationGateway(baseUrl: string, logger: Logger): NotificationGateway {
  const call = serviceClient({ name: 'notification', baseUrl, logger });
  return {
    send: async ({ orderId, customerId, type, idempotencyKey }) => {
      const body = { order_id: orderId, customer_id: customerId, type };
      await call({
        operation: 'send',
        method: 'POST',
        path: '/notifications',
        body,
        idempotencyKey,
        schema: z.unknown(),
      });
    },
  };
}
