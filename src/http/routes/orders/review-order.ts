import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { reviewDecisions, reviewVerdicts } from '../../../domain/order-review.ts';
import { decideReview } from '../../../orders/decide-review.ts';
import { findVisibleOrder, readVisibleOrder } from '../../../orders/find-visible-order.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { listReviews } from '../../../repositories/order-reviews.ts';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orNull, timeSchema } from '../../schemas/order-schema.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';

const path = '/api/v1/orders/{id}/review';

/** A review on the wire. */
export const reviewSchema = z
  .strictObject({
    key: z.string().openapi({ description: 'The idempotency key by which it was asked for.' }),
    occasion: z.enum(['placed', 'payment_retried', 'amended']),
    verdict: orNull(z.enum(reviewVerdicts)).openapi({ description: 'null while there is none yet.' }),
    reasons: z.array(z.string()).openapi({ example: ['the goods go to GB, the bill to US'] }),
    decide_until: orNull(timeSchema).openapi({ description: 'Until when a person may decide; null when none has to.' }),
    decision: orNull(z.enum(reviewDecisions)),
    decided_by: orNull(z.string()).openapi({ example: 'support:ann' }),
    decision_reason: orNull(z.string()),
    decided_at: orNull(timeSchema),
    at: timeSchema,
  })
  .openapi('OrderReview');

const decisionSchema = z
  .strictObject({
    decision: z.enum(reviewDecisions).openapi({
      description: '`approve` lets the order be paid and confirmed; `reject` cancels it. The customer is not told why.',
    }),
    reason,
  })
  .openapi('ReviewDecision');

/** `GET` and `POST /orders/{id}/review`: why an order waits for a person to review it, and what that person decides. */
export function reviewOrderRoutes(api: Api) {
  return [listReviewsRoute(api), decideReviewRoute(api)] as const;
}

function listReviewsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path,
    operationId: 'listOrderReviews',
    summary: "Read an order's reviews",
    description:
      'What reviews said of the order and why, the oldest first; empty where orders are not reviewed. Customers never see it.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('support', 'operator', 'admin'),
    request: { params: orderParams },
    responses: { 200: json(wholeListSchema(reviewSchema), 'The reviews, oldest first.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const reviews = await readVisibleOrder(database.db, c.get('caller'), id, (order, from) =>
        listReviews(from, order.id),
      );
      return c.json(wholeList(reviews.map(reviewView)), 200);
    },
  });
}

/** A review as staff see it. */
export function reviewView(review: Awaited<ReturnType<typeof listReviews>>[number]): z.input<typeof reviewSchema> {
  return {
    key: review.key,
    occasion: review.occasion,
    verdict: review.verdict,
    reasons: [...review.reasons],
    decide_until: time(review.decide_until),
    decision: review.decision,
    decided_by: review.decided_by,
    decision_reason: review.decision_reason,
    decided_at: time(review.decided_at),
    at: review.at.toISOString(),
  };
}

function time(at: Date | null): string | null {
  return at && at.toISOString();
}

function decideReviewRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path,
    operationId: 'decideReview',
    summary: 'Decide on an order that waits for a review',
    description:
      'For an order whose step reviewOrder needs attention. The reason and who decided are kept, and shown to staff only.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('support', 'admin'),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: decisionSchema } } },
    },
    responses: {
      ...outcomeResponses(200, 'The order goes on, or is being cancelled.', 'The decision is being carried out.'),
      ...problemResponses(...bodyStatuses, 404, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const before = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const key = c.req.valid('header')['Idempotency-Key'];
      const outcome = await decideReview(api.orders, caller, before, c.req.valid('json'), key);
      return answerOutcome(c, outcome, 200);
    },
  });
}
