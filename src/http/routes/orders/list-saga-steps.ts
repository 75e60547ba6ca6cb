import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { isCompensation, stepStates } from '../../../domain/saga.ts';
import { findSagaSteps } from '../../../repositories/order-details.ts';
import { findStall } from '../../../repositories/order-stalls.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { sagaStateSchema, timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { stallField, stallView } from '../../schemas/stall-schema.ts';
import { readVisibleOrder } from '../../../orders/find-visible-order.ts';
import { staff } from '../../../domain/caller.ts';

/** A step of a saga on the wire. */
export const stepSchema = z
  .strictObject({
    saga: z.string().openapi({ example: 'create', description: '`create`, or which amendment or return.' }),
    step: z.string().openapi({ example: 'chargePayment' }),
    kind: z.enum(['do', 'undo']),
    state: z.enum(stepStates),
    attempts: z.int(),
    last_error: z.string().nullable(),
    actor: z.string(),
    started_at: timeSchema,
    updated_at: timeSchema,
  })
  .openapi('SagaStep');

const ledgerSchema = wholeListSchema(stepSchema)
  .extend({ saga_state: sagaStateSchema, stall: stallField })
  .openapi('SagaLedger');

/** `GET /orders/{id}/saga`: the ledger of steps and compensations, in the order in which they began. */
export function listSagaStepsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/saga',
    operationId: 'listSagaSteps',
    summary: "Read the ledger of an order's saga",
    description:
      'Every step and compensation with its state, attempts and last error, for staff. A FAILED one waits for an operator. ' +
      'And what the order waits for otherwise, such as a worker.',
    tags: ['saga'],
    security: needsToken,
    middleware: allow(...staff),
    request: { params: orderParams },
    responses: { 200: json(ledgerSchema, 'The ledger.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const { steps, stall, sagaState } = await readVisibleOrder(
        database.db,
        c.get('caller'),
        id,
        async (order, from) => ({
          steps: await findSagaSteps(from, order.id),
          stall: await findStall(from, order.id),
          sagaState: order.sagaState,
        }),
      );
      return c.json({ ...wholeList(steps.map(stepView)), saga_state: sagaState, stall: stallView(stall) }, 200);
    },
  });
}

/** A step as staff see it. */
export function stepView(row: Awaited<ReturnType<typeof findSagaSteps>>[number]): z.input<typeof stepSchema> {
  const { saga, step, state, attempts, last_error, actor, started_at, updated_at } = row;
  return {
    saga,
    step,
    kind: isCompensation(step) ? 'undo' : 'do',
    state,
    attempts,
    last_error,
    actor,
    started_at: started_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}
