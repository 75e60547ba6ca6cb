import type { z } from 'zod';
import type { environment } from './environment.ts';

/** How long events of other services are tried, and what their webhooks are signed with. */
export function toInboxConfig(e: z.output<typeof environment>) {
  return {
    patienceMs: e.INBOX_PATIENCE,
    secrets: {
      payments: e.PAYMENT_WEBHOOK_SECRET,
      inventory: e.INVENTORY_WEBHOOK_SECRET,
      shipping: e.SHIPPING_WEBHOOK_SECRET,
    },
  };
}
