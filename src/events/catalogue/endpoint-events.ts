import { z } from 'zod';
import { exampleOrder, time } from './fields.ts';

export const webhookEndpointDisabled = z
  .object({
    endpoint_id: z.uuid(),
    url: z.string(),
    failing_since: time('When its first delivery failed since the last that succeeded.'),
    last_error: z.string().nullable().meta({ description: 'What went wrong last.' }),
    occurred_at: time('When it happened.'),
  })
  .meta({
    description:
      'A webhook endpoint has failed for so long that nothing is sent to it any more, until somebody switches it on.',
    examples: [
      {
        endpoint_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0e1',
        url: 'https://shop.example.com/order-events',
        failing_since: '2026-11-16T09:30:00.000Z',
        last_error: 'answered 500',
        occurred_at: exampleOrder.occurred_at,
      },
    ],
  });
