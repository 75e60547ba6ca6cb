import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { addNote, MAX_NOTES } from '../../../orders/add-note.ts';
import { findVisibleOrder, readVisibleOrder } from '../../../orders/find-visible-order.ts';
import { notBlankLines } from '../../../orders/text-schemas.ts';
import { findNotes, type OrderNote } from '../../../repositories/order-notes.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { timeSchema } from '../../schemas/order-schema.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';

const noteRequest = z
  .strictObject({ text: notBlankLines(4_000) })
  .openapi('OrderNoteRequest', { example: { text: 'Called the customer: deliver after six.' } });

/** A note on the wire. */
export const noteSchema = z
  .strictObject({
    id: z.uuid(),
    text: z.string(),
    author: z.string().openapi({ example: 'support:ann' }),
    at: timeSchema,
  })
  .openapi('OrderNote');

/** `POST /orders/{id}/notes`: staff writes down something for staff. */
export function addNoteRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/notes',
    operationId: 'addNote',
    summary: 'Write down an internal note about an order',
    description: `No customer and no event tells of it, and the order stays as it is. An order has at most ${MAX_NOTES} notes.`,
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow(...staff),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: noteRequest } } },
    },
    responses: { 201: json(noteSchema, 'The note.'), ...problemResponses(...bodyStatuses, 404, 422) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const key = c.req.valid('header')['Idempotency-Key'];
      return c.json(noteView(await addNote(api.orders, caller, order, c.req.valid('json').text, key)), 201);
    },
  });
}

/** `GET /orders/{id}/notes`: what staff has written down about an order. */
export function listNotesRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/notes',
    operationId: 'listNotes',
    summary: 'Read the internal notes about an order',
    description: 'The oldest first. The `notes` of the order itself are what the customer said.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow(...staff),
    request: { params: orderParams },
    responses: { 200: json(wholeListSchema(noteSchema), 'The notes, oldest first.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const notes = await readVisibleOrder(database.db, c.get('caller'), c.req.valid('param').id, (order, from) =>
        findNotes(from, order.id),
      );
      return c.json(wholeList(notes.map(noteView)), 200);
    },
  });
}

/** A note as staff see it. */
export function noteView({ id, text, author, at }: OrderNote): z.output<typeof noteSchema> {
  return { id, text, author, at: at.toISOString() };
}
