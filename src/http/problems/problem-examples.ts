import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RefusalDetail } from '../../domain/refusal.ts';
import { problemBody, ProblemError, problems, type Problem, type ProblemCode } from './problem.ts';

/** What is said of one request beside what every problem with its code and status has. */
interface Said {
  readonly detail: string;
  readonly details?: readonly RefusalDetail[];
  readonly orderId?: string;
}

const orderId = '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11';

const said: Readonly<Record<ProblemCode, Said>> = {
  VALIDATION: {
    detail: 'The body has 1 fault.',
    details: [{ pointer: '/items/0/quantity', message: 'must be at least 1' }],
  },
  ORD001: {
    detail: 'The customer is inactive.',
    details: [{ pointer: '/customer_id', message: 'is inactive' }],
  },
  ORD002: {
    detail: 'Not everything is in stock.',
    details: [{ sku: 'TEA-001', requested: 2, available: 1 }],
    orderId,
  },
  ORD003: {
    detail: 'The payment was declined. Another payment method can be tried until 2026-11-21T09:45:00.000Z.',
    details: [{ decline_code: 'CARD_DECLINED' }, { payment_retry_until: '2026-11-21T09:45:00.000Z' }],
    orderId,
  },
  ORD004: { detail: 'There is no order "ORD-00000043", or it is not yours.' },
  ORD005: {
    detail: "The order is SHIPPED and can't be set to PROCESSING.",
    details: [{ from: 'SHIPPED', to: 'PROCESSING', allowed: ['DELIVERED'] }],
    orderId,
  },
  ORD006: { detail: 'The order is SHIPPED: its goods have left.', details: [{ status: 'SHIPPED' }], orderId },
  ORD007: { detail: 'The order was not accepted.', details: [], orderId },
  VERSION_CONFLICT: {
    detail: 'The order has changed meanwhile: it is at version 3 now.',
    details: [{ header: 'If-Match', message: 'is not the current version', version: 3 }],
    orderId,
  },
  PRICE_CHANGED: {
    detail: 'A price differs from the catalogue.',
    details: [{ pointer: '/items/0/unit_price', sku: 'TEA-001', unit_price: '11.00', current_price: '12.50' }],
  },
  IDEMPOTENCY_KEY_REUSED: {
    detail: 'The same Idempotency-Key came with another request before.',
    details: [{ header: 'Idempotency-Key', message: 'was used for another request' }],
  },
  UNAUTHENTICATED: { detail: 'The access token has expired.' },
  FORBIDDEN: { detail: 'None of the roles of the access token allows this.' },
  RATE_LIMITED: { detail: 'More than 100 requests in a minute.' },
  UNAVAILABLE: { detail: "Orders can't be read or written right now." },
  NOT_FOUND: { detail: 'There is nothing at this path.' },
  METHOD_NOT_ALLOWED: { detail: 'This path takes GET and POST.' },
  INTERNAL: { detail: 'Internal error; look for this request_id in the logs.' },
};

/** What a code means with a status that is not its usual one. */
const saidWith: Readonly<Record<number, Said>> = {
  408: { detail: 'The body came too slowly.', details: [{ pointer: '', message: 'came too slowly' }] },
  413: { detail: 'The body is too large.', details: [{ pointer: '', message: 'must be smaller' }] },
  415: {
    detail: 'Send the body as application/json.',
    details: [{ header: 'Content-Type', message: 'must be application/json' }],
  },
};

/** An example of each code that the `description` of an answer names, by code, as the answer to a request would have it. */
export function problemExamples(
  status: ContentfulStatusCode,
  description: string,
): Record<string, { summary: string; value: Problem }> {
  const named = [...description.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = '']) => name);
  const codes = named.filter((name): name is ProblemCode => name in problems);
  return Object.fromEntries(
    codes.map((code) => [code, { summary: problems[code][1], value: exampleOf(code, status) }]),
  );
}

function exampleOf(code: ProblemCode, status: ContentfulStatusCode): Problem {
  const { detail, ...more } = status === problems[code][0] ? said[code] : (saidWith[status] ?? said[code]);
  const problem = new ProblemError(code, detail, { status, ...more });
  const request = { path: '/api/v1/orders', requestId: '6f1c1f0e-6f0a-4a52-9d0e-7e7f0b8f3b53' };
  return { ...problemBody(problem, request), timestamp: '2026-11-21T09:30:00.000Z' };
}
