import type { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { problemExamples } from '../problems/problem-examples.ts';
import { problemSchema } from '../problems/problem.ts';

/** A documented answer of JSON. */
export function json<Schema extends z.ZodType, Headers extends HeaderDocs | undefined = undefined>(
  schema: Schema,
  description: string,
  headers?: Headers,
) {
  return { description, content: { 'application/json': { schema } }, ...(headers && { headers }) };
}

/** The documented problems of a route, by status; 400, 401, 403, 429, 500 and 503 come with every route. */
export function problemResponses<const Status extends number = never>(...statuses: Status[]) {
  const all = [...statuses, ...ofEveryRoute] as const;
  const entries = all.map((status) => [status, describeProblem(status, descriptions[status] ?? 'A problem.')]);
  return Object.fromEntries(entries) as Record<Status | (typeof ofEveryRoute)[number], ProblemDocs>;
}

/** A documented problem with an example of each code that its description names. */
export function describeProblem(status: number, description: string): ProblemDocs {
  const examples = problemExamples(status as ContentfulStatusCode, description);
  return {
    description,
    content: { 'application/problem+json': { schema: problemSchema, examples } },
    ...(headersOf[status] && { headers: headersOf[status] }),
  };
}

/** The statuses with which a route may refuse its body. */
export const bodyStatuses = [400, 408, 413, 415] as const;

/** The security requirement of every route that needs a token. */
export const needsToken: Record<string, string[]>[] = [{ bearerAuth: [] }];

/** Documented headers of an answer. */
export type HeaderDocs = Record<string, { description: string; required: boolean; schema: { type: 'string' } }>;

/** A documented problem. */
export interface ProblemDocs {
  description: string;
  content: {
    'application/problem+json': { schema: typeof problemSchema; examples: ReturnType<typeof problemExamples> };
  };
  headers?: HeaderDocs;
}

const ofEveryRoute = [400, 401, 403, 429, 500, 503] as const;

const descriptions: Readonly<Record<number, string>> = {
  400: 'The request is not valid (`VALIDATION`), or a rule refuses it (`ORD001`, `ORD005`).',
  401: 'No token, or one that is not valid here (`UNAUTHENTICATED`).',
  402: 'The payment was declined (`ORD003`).',
  403: "The token's roles don't allow it (`FORBIDDEN`).",
  404: 'No such order, or not yours (`ORD004`); no such coupon (`NOT_FOUND`).',
  409: 'The state of things refuses it (`ORD002`, `ORD006`, `ORD007`, `PRICE_CHANGED`).',
  408: 'The body comes too slowly, or not at all (`VALIDATION`).',
  412: 'The order has another version by now (`VERSION_CONFLICT`).',
  413: 'The body is too large (`VALIDATION`).',
  415: 'The body is not of the type that is asked for (`VALIDATION`).',
  422: 'The same key came with another body before (`IDEMPOTENCY_KEY_REUSED`).',
  429: 'More requests a minute than one user may send, or more declined payments than are let through (`RATE_LIMITED`).',
  500: 'A fault of this service (`INTERNAL`).',
  503: 'Something that is needed is away; nothing was done (`UNAVAILABLE`).',
};

/** A documented header, which is always there unless it is said not to be. */
function header(description: string, { required = true } = {}) {
  return { description, required, schema: { type: 'string' } } as const;
}

const headersOf: Readonly<Record<number, HeaderDocs>> = {
  401: { 'WWW-Authenticate': header('How to authenticate.') },
  429: {
    'Retry-After': header('Seconds after which to try again.'),
    RateLimit: header('What is left of the limit, and in how many seconds all of it is there again.'),
    'RateLimit-Policy': header('The limit.'),
  },
  503: { 'Retry-After': header('Seconds after which to try again.') },
};

/** The documented headers of an answer that holds one order. */
export const orderHeaders = { ETag: header("The order's version, quoted.") };

/** The same, with where the order is found. */
export const placedOrderHeaders = {
  ...orderHeaders,
  Location: header('Where the order is found.'),
  'Preference-Applied': header('The preference of the request that was honoured.', { required: false }),
};

/** The documented headers of an answer that holds an import that goes on by itself. */
export const startedImportHeaders = { Location: header('Where the import is found.') };
