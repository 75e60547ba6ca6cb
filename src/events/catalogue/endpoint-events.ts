import { z } from 'zod';
import { disabledReasons } from '../../domain/webhook-endpoint.ts';
import { exampleOrder, time } from './fields.ts';

export const webhookEndpointDisabled = z
  .object({
    endpoint_id: z.uuid(),
    url: z.string(),
    reason: z.enum(disabledReasons).meta({
      description: 'FAILING: it accepted nothing for too long. GONE: it has answered 410.',
    }),
    failing_since: time('When its first delivery failed since the last that succeeded.'),
    last_error: z.string().nullable().meta({ description: 'What went wrong last.' }),
    what_to_do: z.string().meta({ description: 'For an operator.' }),
    occurred_at: time('When it happened.'),
  })
  .meta({
    description:
      'A webhook endpoint has failed for so long, or is gone, so that nothing is sent to it until somebody enables it again.',
    examples: [
      {
        endpoint_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0e1',
        url: 'https://shop.example.com/order-events',
        reason: 'FAILING',
        failing_since: '2026-11-16T09:30:00.000Z',
        last_error: 'answered 500',
        what_to_do:
          'Bring the receiver back, then enable the endpoint: orders endpoints enable 01999a3e-5f1c-7c11-9f6e-2a40c1b1a0e1. What waits for it is then sent in order.',
        occurred_at: exampleOrder.occurred_at,
      },
    ],
  });
