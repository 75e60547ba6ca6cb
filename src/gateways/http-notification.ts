import { z } from 'zod';
import { serviceClient } from './http-client.ts';
import type { NotificationGateway } from './notification.ts';

/** A notification service over HTTP, as the sandbox speaks it. */
export function httpNotificationGateway(baseUrl: string): NotificationGateway {
  const call = serviceClient('notification', baseUrl);
  return {
    send: async ({ orderId, customerId, type, idempotencyKey }) => {
      const body = { order_id: orderId, customer_id: customerId, type };
      await call({ method: 'POST', path: '/notifications', body, idempotencyKey, schema: z.unknown() });
    },
  };
}
