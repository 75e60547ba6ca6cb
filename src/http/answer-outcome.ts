import type { Context } from 'hono';
import type { CommandOutcome } from '../orders/command-order.ts';
import { orderSchema } from './schemas/order-schema.ts';
import { entityTag, orderView } from '../orders/order-view.ts';
import { json, orderHeaders } from './schemas/responses.ts';

/** The documented answers of a route that changes an order: `status` once the change is done, 202 while it is under way. */
export function outcomeResponses<const Status extends 200 | 201>(status: Status, done: string, underWay: string) {
  const accepted = json(orderSchema, underWay, orderHeaders);
  const responses = { [status]: json(orderSchema, done, orderHeaders), 202: accepted };
  return responses as Record<Status | 202, typeof accepted>;
}

/** Answers with the order and its entity tag: `status` once the change is done, 202 while it is under way. */
export function answerOutcome<const Status extends 200 | 201>(
  c: Context,
  { order, isDone }: CommandOutcome,
  status: Status,
) {
  const headers = { ETag: entityTag(order) };
  return isDone ? c.json(orderView(order), status, headers) : c.json(orderView(order), 202, headers);
}
