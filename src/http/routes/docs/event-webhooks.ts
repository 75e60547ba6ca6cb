import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { orderEventTypes } from '../../../domain/order-event.ts';
import type { ApiEnv } from '../../env.ts';
import { orderEventExample, type orderEventDataSchema } from '../../schemas/order-event-schema.ts';
import { webhookHeaders } from '../../schemas/payment-webhook-body.ts';

/** An order event as it is posted to `EVENTS_URL`: a CloudEvent with the order's data as the document names them. */
function cloudEventSchema(data: typeof orderEventDataSchema) {
  return z
    .strictObject({
      specversion: z.literal('1.0'),
      id: z.string().openapi({ description: 'The same whenever this event is sent.', example: '42' }),
      source: z.literal('/orders'),
      type: z.enum(orderEventTypes).openapi({ description: 'What happened.' }),
      subject: z.uuid().openapi({ description: "The order's id." }),
      time: z.iso.datetime().openapi({ description: 'When it happened.' }),
      datacontenttype: z.literal('application/json'),
      data,
    })
    .openapi('OrderCloudEvent', {
      example: {
        specversion: '1.0',
        id: '42',
        source: '/orders',
        type: 'order.confirmed',
        subject: orderEventExample.order_id,
        time: orderEventExample.at,
        datacontenttype: 'application/json',
        data: orderEventExample,
      },
    });
}

/** Describes what the product sends by itself, beside what it answers. */
export function describeEventWebhooks(
  { openAPIRegistry }: OpenAPIHono<ApiEnv>,
  data: typeof orderEventDataSchema,
): void {
  openAPIRegistry.registerWebhook({
    method: 'post',
    path: 'orderEvent',
    operationId: 'receiveOrderEvent',
    summary: 'Hear of an order event',
    description:
      'Sent to `EVENTS_URL`, when it is set: every event of every order as a CloudEvent (https://cloudevents.io), signed with ' +
      '`EVENTS_SECRET` as a Standard Webhook. At least once each, and each order in order: tell repetitions by `webhook-id`. ' +
      'An event that is not answered with 2xx within 5 seconds is sent again, and later ones of its order wait for it.',
    tags: ['orders'],
    security: [{ webhookSignature: [] }],
    request: {
      headers: webhookHeaders,
      body: { required: true, content: { 'application/cloudevents+json': { schema: cloudEventSchema(data) } } },
    },
    responses: {
      '2XX': { description: 'It has been received, and is not sent again.' },
      default: { description: 'It has not been received, and is sent again later.' },
    },
  });
}
