import { Code } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { RequestError, requestErrorCodes, type RequestErrorCode } from '../../src/access/request-error.ts';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  QuotaFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from '../../src/grpc/generated/google/rpc/error_details_pb.ts';
import { httpStatusOf, statusCodes, statusOf } from '../../src/grpc/status-of.ts';

/** Every code with its status, and the details that come with it beside ErrorInfo. */
const table = {
  VALIDATION: [Code.InvalidArgument, 400, ['BadRequest']],
  ORD001: [Code.FailedPrecondition, 400, ['PreconditionFailure']],
  ORD002: [Code.FailedPrecondition, 400, ['PreconditionFailure']],
  ORD003: [Code.FailedPrecondition, 400, ['PreconditionFailure']],
  ORD004: [Code.NotFound, 404, ['ResourceInfo']],
  ORD005: [Code.FailedPrecondition, 400, ['PreconditionFailure']],
  ORD006: [Code.FailedPrecondition, 400, ['PreconditionFailure']],
  ORD007: [Code.FailedPrecondition, 400, ['PreconditionFailure']],
  VERSION_CONFLICT: [Code.Aborted, 409, []],
  PRICE_CHANGED: [Code.FailedPrecondition, 400, ['PreconditionFailure']],
  IDEMPOTENCY_KEY_REUSED: [Code.AlreadyExists, 409, []],
  UNAUTHENTICATED: [Code.Unauthenticated, 401, []],
  FORBIDDEN: [Code.PermissionDenied, 403, []],
  RATE_LIMITED: [Code.ResourceExhausted, 429, ['RetryInfo', 'QuotaFailure']],
  UNAVAILABLE: [Code.Unavailable, 503, ['RetryInfo']],
  NOT_FOUND: [Code.NotFound, 404, ['ResourceInfo']],
  INTERNAL: [Code.Internal, 500, []],
} as const satisfies Record<RequestErrorCode, readonly [Code, number, readonly string[]]>;

const kinds = {
  BadRequest: BadRequestSchema,
  PreconditionFailure: PreconditionFailureSchema,
  QuotaFailure: QuotaFailureSchema,
  ResourceInfo: ResourceInfoSchema,
  RetryInfo: RetryInfoSchema,
};

/** What an error with this code usually brings. */
const optionsOf: Partial<Record<RequestErrorCode, ConstructorParameters<typeof RequestError>[2]>> = {
  VALIDATION: { details: [{ pointer: '/items/0/sku', message: 'is required' }] },
  RATE_LIMITED: { retryAfterSeconds: 9, limit: { policy: 'user', quota: 100 } },
  UNAVAILABLE: { retryAfterSeconds: 2 },
};

describe('a refusal', () => {
  test.each(requestErrorCodes)('with the code %s has its status and details, and its code as the reason', (code) => {
    const [status, httpStatus, names] = table[code];
    const error = statusOf(new RequestError(code, 'why', optionsOf[code]), 'request-1');
    expect([statusCodes[code], error.code, httpStatusOf(code)]).toEqual([status, status, httpStatus]);
    expect(outgoing(error, ErrorInfoSchema)).toEqual({
      reason: code,
      domain: 'order-saga',
      metadata: { request_id: 'request-1' },
    });
    const found = Object.entries(kinds).filter(([, desc]) => outgoing(error, desc) !== undefined);
    expect(found.map(([name]) => name).toSorted()).toEqual([...names].toSorted());
  });

  test('names each fault by the field that it is in', () => {
    const details = [
      { pointer: '/items/0/unit_price', message: 'a' },
      { pointer: '/metadata/a~1b', message: 'b' },
      { pointer: '', message: 'c' },
      { parameter: 'cursor', message: 'd' },
      { header: 'Idempotency-Key', message: 'e' },
      { header: 'If-Match', message: 'f' },
    ];
    const error = statusOf(new RequestError('VALIDATION', 'why', { details }), 'request-1');
    expect(outgoing(error, BadRequestSchema)).toEqual({
      fieldViolations: [
        { field: 'items[0].unit_price', description: 'a' },
        { field: 'metadata.a/b', description: 'b' },
        { field: '', description: 'c' },
        { field: 'cursor', description: 'd' },
        { field: 'idempotency-key', description: 'e' },
        { field: 'expected_version', description: 'f' },
      ],
    });
  });

  test('tells what is known beside its faults, and of which order', () => {
    const details = [{ from: 'SHIPPED', to: 'PENDING', allowed: ['DELIVERED', 'RETURNED'] }];
    const error = statusOf(new RequestError('ORD005', 'why', { details, orderId: 'order-1' }), 'request-1');
    expect(outgoing(error, ErrorInfoSchema)?.metadata).toEqual({
      request_id: 'request-1',
      order_id: 'order-1',
      from: 'SHIPPED',
      to: 'PENDING',
      allowed: 'DELIVERED,RETURNED',
    });
  });

  test('names each sku that is out of stock', () => {
    const details = [
      { sku: 'MUG', requested: 3, available: 1 },
      { sku: 'TEA', requested: 1, available: 0 },
    ];
    const error = statusOf(new RequestError('ORD002', 'why', { details }), 'request-1');
    expect(outgoing(error, PreconditionFailureSchema)).toEqual({
      violations: [
        { type: 'STOCK', subject: 'MUG', description: 'requested 3, available 1' },
        { type: 'STOCK', subject: 'TEA', description: 'requested 1, available 0' },
      ],
    });
  });

  test('repeats no card number', () => {
    const card = '4242 4242 4242 4242';
    const details = [{ pointer: `/metadata/${card}`, message: `is ${card}` }];
    const error = statusOf(new RequestError('VALIDATION', `no ${card}`, { details }), 'request-1');
    const told = [error.message, outgoing(error, BadRequestSchema), outgoing(error, ErrorInfoSchema)];
    expect(JSON.stringify(told)).not.toContain('4242 4242');
  });
});

/** The value of the detail of a kind that an error goes out with. */
function outgoing(error: ReturnType<typeof statusOf>, wanted: { readonly typeName: string }) {
  const found = error.details.find((detail) => 'desc' in detail && detail.desc.typeName === wanted.typeName);
  return found && 'value' in found ? (found.value as Record<string, unknown>) : undefined;
}
