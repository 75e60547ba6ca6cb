import { STATUS_CODES } from 'node:http';
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { maskCardNumbers } from '../../domain/card-number.ts';
import { maskDetail, type RefusalCode, type RefusalDetail } from '../../domain/refusal.ts';
import type { ApiEnv } from '../env.ts';

/** Every problem code with its usual status and its title. */
export const problems = {
  VALIDATION: [400, 'The request is not valid'],
  ORD001: [400, 'The customer is unknown or inactive'],
  ORD002: [409, 'Out of stock'],
  ORD003: [402, 'The payment was declined'],
  ORD004: [404, 'No such order'],
  ORD005: [400, 'The status change is not allowed'],
  ORD006: [409, 'The order can no longer be cancelled'],
  ORD007: [409, 'The order was not accepted'],
  VERSION_CONFLICT: [412, 'The order has changed meanwhile'],
  PRICE_CHANGED: [409, 'The price is not the current one'],
  IDEMPOTENCY_KEY_REUSED: [422, 'The idempotency key belongs to another request'],
  UNAUTHENTICATED: [401, 'A valid access token is needed'],
  FORBIDDEN: [403, 'The access token does not allow this'],
  RATE_LIMITED: [429, 'Too many requests'],
  UNAVAILABLE: [503, 'Temporarily unavailable'],
  NOT_FOUND: [404, 'There is nothing here'],
  METHOD_NOT_ALLOWED: [405, 'The method is not allowed here'],
  INTERNAL: [500, 'Something went wrong'],
} as const satisfies Record<RefusalCode, ProblemKind> & Record<string, ProblemKind>;

/** The HTTP status and the title of a code. */
type ProblemKind = readonly [ContentfulStatusCode, string];

export type ProblemCode = keyof typeof problems;

interface ProblemOptions {
  readonly details?: readonly RefusalDetail[];
  readonly status?: ContentfulStatusCode;
  readonly headers?: Readonly<Record<string, string>>;
  readonly orderId?: string;
  readonly cause?: unknown;
}

/** An error with an HTTP status; the message is the problem's `detail` and is read by the client. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly status: ContentfulStatusCode;
  readonly details: readonly RefusalDetail[];
  readonly headers: Readonly<Record<string, string>>;
  readonly orderId: string | undefined;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? problems[code][0];
    this.details = options.details ?? [];
    this.headers = options.headers ?? {};
    this.orderId = options.orderId;
  }
}

/** The answer to a request that is refused or has failed (RFC 9457). */
export function problemResponse(c: Context<ApiEnv>, problem: ProblemError): Response {
  const body = problemBody(problem, { path: c.req.path, requestId: c.get('requestId') });
  return c.body(JSON.stringify(body), problem.status, { ...problem.headers, ...problemType });
}

/** The media type of a problem. */
export const problemType = { 'content-type': 'application/problem+json' } as const;

/** A problem on the wire, as the answer to one request. Where it repeats what was sent, card numbers are masked. */
export function problemBody(problem: ProblemError, request: { path: string; requestId: string }): Problem {
  const { code, status, details, orderId } = problem;
  const message = maskCardNumbers(problem.message);
  const path = maskCardNumbers(request.path);
  return {
    type: `urn:order-saga:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: problems[code][1],
    status,
    detail: message,
    instance: path,
    timestamp: new Date().toISOString(),
    error: STATUS_CODES[status] ?? 'Error',
    code,
    message,
    path,
    request_id: request.requestId,
    details: details.map(maskDetail),
    ...(orderId !== undefined && { order_id: orderId }),
  };
}

/** A problem on the wire. */
export const problemSchema = z
  .strictObject({
    type: z.string().openapi({ format: 'uri', description: 'Identifies the kind of problem.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().openapi({ description: 'What is wrong with this very request.' }),
    instance: z.string().openapi({ description: 'The path that was asked for.' }),
    timestamp: z.iso.datetime(),
    error: z.string().openapi({ description: 'The name of the HTTP status.' }),
    code: z.enum(Object.keys(problems) as ProblemCode[]).openapi({ description: 'What programs decide by.' }),
    message: z.string().openapi({ description: 'The same as `detail`.' }),
    path: z.string().openapi({ description: 'The same as `instance`.' }),
    request_id: z.string().openapi({ description: 'Finds this request in the logs.' }),
    details: z.array(z.record(z.string(), z.unknown())).openapi({
      description:
        'VALIDATION: one entry for each fault, with `message` and where it is: `pointer` (RFC 6901, in the body), `parameter` or `header`. ' +
        'ORD002: `sku`, `requested`, `available`. ORD005: `from`, `to`, `allowed`. PRICE_CHANGED: `pointer`, `sku`, `unit_price`, `current_price`.',
    }),
    order_id: z.uuid().optional().openapi({ description: 'The order, when the problem came after it was accepted.' }),
  })
  .openapi('Problem', {
    example: {
      type: 'urn:order-saga:problem:validation',
      title: 'The request is not valid',
      status: 400,
      detail: 'The body has 1 fault.',
      instance: '/api/v1/orders',
      timestamp: '2026-11-21T09:30:00.000Z',
      error: 'Bad Request',
      code: 'VALIDATION',
      message: 'The body has 1 fault.',
      path: '/api/v1/orders',
      request_id: '6f1c1f0e-6f0a-4a52-9d0e-7e7f0b8f3b53',
      details: [{ pointer: '/items/0/quantity', message: 'must be at least 1' }],
    },
  });

/** A problem on the wire, as programs read it. */
export type Problem = z.output<typeof problemSchema>;
