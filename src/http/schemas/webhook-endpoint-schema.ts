import { z } from '@hono/zod-openapi';
import { eventPatterns, isEventPattern } from '../../domain/event-pattern.ts';
import { disabledReasons, endpointState, endpointStates, type WebhookEndpoint } from '../../domain/webhook-endpoint.ts';
import { line } from '../../orders/text-schemas.ts';
import { timeSchema } from './order-schema.ts';
import { describeProblem } from './responses.ts';

/** The path parameter of every route below one endpoint. */
export const endpointParams = z.object({
  id: z.string().openapi({
    param: { name: 'id', in: 'path' },
    description: "The endpoint's id.",
    example: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001',
  }),
});

/** The documented answer about an endpoint that is not there. */
export const noSuchEndpoint = { 404: describeProblem(404, 'No such endpoint (`NOT_FOUND`).') };

const eventType = z
  .string()
  .max(100)
  .refine(isEventPattern, `must be one of ${eventPatterns.join(', ')}`)
  .openapi({ example: 'order.*' });

/** Longer lists name what `*` names. */
const MAX_TYPES = 50;

const fields = {
  url: line(2_048).openapi({
    format: 'uri',
    description: 'Where events are posted: a public address, without credentials and without a fragment.',
    example: 'https://shop.example.com/events',
  }),
  event_types: z
    .array(eventType)
    .min(1)
    .max(MAX_TYPES)
    .openapi({ description: 'Exact types, families such as `order.*`, or `*` for all of them.' }),
  description: line(255).nullable().openapi({ example: 'the warehouse' }),
  enabled: z.boolean(),
};

/** A new endpoint, as a request asks for it. */
export const newEndpointSchema = z
  .strictObject({ ...fields, description: fields.description.default(null), enabled: fields.enabled.default(true) })
  .openapi('WebhookEndpointRequest', {
    example: { url: 'https://shop.example.com/events', event_types: ['order.*'], description: 'the warehouse' },
  });

/** What is to be changed of an endpoint. */
export const endpointChangesSchema = z
  .strictObject({
    url: fields.url.optional(),
    event_types: fields.event_types.optional(),
    description: fields.description.optional(),
    enabled: fields.enabled.optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'must have a field')
  .openapi('WebhookEndpointChanges', { example: { enabled: true } });

const wireFields = {
  id: z.uuid(),
  url: z.string(),
  event_types: z.array(z.string()),
  description: z.string().nullable(),
  enabled: z.boolean(),
  configured: z.boolean().openapi({
    description: 'Whether `EVENTS_URL` makes it; then only `enabled` can be changed.',
  }),
  state: z.enum(endpointStates).openapi({
    description: 'FAILING: the last delivery failed. DISABLED: nothing is sent; events wait until it is enabled again.',
  }),
  failing_since: timeSchema.nullable().openapi({ description: 'Since when nothing was accepted.' }),
  last_error: z.string().nullable(),
  disabled_at: timeSchema.nullable(),
  disabled_reason: z
    .enum(disabledReasons)
    .nullable()
    .openapi({
      description:
        'BY_HAND: by this API. GONE: it has answered 410. FAILING: it accepted nothing for `WEBHOOK_DISABLE_AFTER`. ' +
        'NOT_CONFIGURED: `EVENTS_URL` no longer names it.',
    }),
  previous_secret_until: timeSchema.nullable().openapi({
    description: 'Until when messages have a second signature, by the secret before.',
  }),
  created_at: timeSchema,
  updated_at: timeSchema,
};

/** An endpoint on the wire. */
export const endpointSchema = z.strictObject(wireFields).openapi('WebhookEndpoint');

/** The same with its secret. */
export const endpointWithSecretSchema = z
  .strictObject({
    ...wireFields,
    secret: z.string().openapi({
      description: 'What messages are signed with (Standard Webhooks). It is never shown again.',
      example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    }),
  })
  .openapi('WebhookEndpointWithSecret');

/** An endpoint as clients see it. */
export function endpointView(endpoint: WebhookEndpoint): z.output<typeof endpointSchema> {
  return {
    id: endpoint.id,
    url: endpoint.url,
    event_types: [...endpoint.eventTypes],
    description: endpoint.description,
    enabled: endpoint.enabled,
    configured: endpoint.isConfigured,
    state: endpointState(endpoint),
    failing_since: endpoint.failingSince?.toISOString() ?? null,
    last_error: endpoint.lastError,
    disabled_at: endpoint.disabledAt?.toISOString() ?? null,
    disabled_reason: endpoint.disabledReason,
    previous_secret_until: endpoint.previousSecretUntil?.toISOString() ?? null,
    created_at: endpoint.createdAt.toISOString(),
    updated_at: endpoint.updatedAt.toISOString(),
  };
}
