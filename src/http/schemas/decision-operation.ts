import { createRoute, type z } from '@hono/zod-openapi';
import type { Api } from '../api.ts';
import { bodyStatuses, json, needsToken, problemResponses } from './responses.ts';

/** A decision about what has failed, and how it is documented. */
export interface DecisionDocs {
  readonly action: 'retry' | 'skip';
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
}

/** What is the same of both decisions about one kind of thing. */
interface Decisions<Tag extends string, Body extends z.ZodType, Answer extends z.ZodType> {
  /** The tag, and the first part of the path. */
  readonly tag: Tag;
  readonly middleware: ReturnType<Api['allow']>;
  readonly body: Body;
  readonly answer: Answer;
  readonly answered: string;
}

/** The route `POST /{tag}/retry` or `/{tag}/skip`. */
export function decisionOperation<const Tag extends string, Body extends z.ZodType, Answer extends z.ZodType>(
  { action, ...about }: DecisionDocs,
  { tag, middleware, body, answer, answered }: Decisions<Tag, Body, Answer>,
) {
  return createRoute({
    method: 'post',
    path: `/api/v1/${tag}/${action}`,
    ...about,
    tags: [tag],
    security: needsToken,
    middleware,
    request: { body: { required: true, content: { 'application/json': { schema: body } } } },
    responses: { 200: json(answer, answered), ...problemResponses(...bodyStatuses) },
  });
}
