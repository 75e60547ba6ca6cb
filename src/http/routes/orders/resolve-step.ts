import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { resolutions } from '../../../domain/messages.ts';
import { MAX_REFERENCE } from '../../../domain/text-rules.ts';
import { sagaActions } from '../../../domain/saga.ts';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { resolveStep } from '../../../orders/resolve-step.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { line, reason } from '../../../orders/text-schemas.ts';
import { findVisibleOrder } from '../../../orders/find-visible-order.ts';

const resolutionSchema = z
  .strictObject({
    action: z.enum(resolutions).openapi({
      description:
        '`retry` runs it again, `skip` gives it up, `resolve` says that it was done by hand; a charge or refund is then recorded as EXTERNAL.',
    }),
    reason,
    reference: line(MAX_REFERENCE).optional().openapi({
      description: 'With `resolve`: what finds the money that was moved by hand.',
      example: 'transfer 4711',
    }),
  })
  .openapi('StepResolution');

/** `POST /orders/{id}/saga/{step}`: an operator resolves a parked step, and the saga continues. */
export function resolveStepRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/saga/{step}',
    operationId: 'resolveStep',
    summary: 'Resolve a parked step',
    description:
      "For a step that has FAILED, so that its saga waits for an operator. The reason and the operator become part of the order's record.",
    tags: ['saga'],
    security: needsToken,
    middleware: api.allow('operator', 'admin'),
    request: {
      params: orderParams.extend({
        step: z.enum(sagaActions).openapi({
          param: { name: 'step', in: 'path' },
          description: 'The step or compensation, as the ledger names it.',
          example: 'chargePayment',
        }),
      }),
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: resolutionSchema } } },
    },
    responses: {
      ...outcomeResponses(200, 'The saga has continued.', 'The saga is continuing.'),
      ...problemResponses(...bodyStatuses, 404, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { id, step } = c.req.valid('param');
      const { action, reason: why, reference } = c.req.valid('json');
      const before = await findVisibleOrder(api.database.db, caller, id);
      const key = c.req.valid('header')['Idempotency-Key'];
      const resolution = { step, action, reason: why, ...(reference !== undefined && { reference }) };
      const outcome = await resolveStep(api.orders, caller, before, resolution, key);
      return answerOutcome(c, outcome, 200);
    },
  });
}
