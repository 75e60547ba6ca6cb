import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import type { RequestError, RequestErrorCode } from '../access/request-error.ts';
import { maskCardNumbers } from '../domain/card-number.ts';
import { maskDetail, type RefusalDetail } from '../domain/refusal.ts';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  QuotaFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from './generated/google/rpc/error_details_pb.ts';

/** The gRPC status of each of our codes, by what https://grpc.io/docs/guides/status-codes/ says a caller should do about it. */
export const statusCodes = {
  VALIDATION: Code.InvalidArgument,
  ORD001: Code.FailedPrecondition,
  ORD002: Code.FailedPrecondition,
  ORD003: Code.FailedPrecondition,
  ORD004: Code.NotFound,
  ORD005: Code.FailedPrecondition,
  ORD006: Code.FailedPrecondition,
  ORD007: Code.FailedPrecondition,
  // Read the order again, decide again.
  VERSION_CONFLICT: Code.Aborted,
  PRICE_CHANGED: Code.FailedPrecondition,
  IDEMPOTENCY_KEY_REUSED: Code.AlreadyExists,
  UNAUTHENTICATED: Code.Unauthenticated,
  FORBIDDEN: Code.PermissionDenied,
  RATE_LIMITED: Code.ResourceExhausted,
  UNAVAILABLE: Code.Unavailable,
  NOT_FOUND: Code.NotFound,
  INTERNAL: Code.Internal,
} as const satisfies Record<RequestErrorCode, Code>;

/** The HTTP status for the audit log, which has one of every request: the one that google.rpc.Code gives the status of gRPC. */
export function httpStatusOf(code: RequestErrorCode): number {
  return httpStatuses[statusCodes[code]];
}

const httpStatuses: Readonly<Record<(typeof statusCodes)[RequestErrorCode], number>> = {
  [Code.InvalidArgument]: 400,
  [Code.FailedPrecondition]: 400,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.Aborted]: 409,
  [Code.ResourceExhausted]: 429,
  [Code.Internal]: 500,
  [Code.Unavailable]: 503,
};

/** Who defines the reasons. */
const ERROR_DOMAIN = 'order-saga';

/** The error with the details of google.rpc, as the answer to one call. Where it repeats what was sent, card numbers are masked. */
export function statusOf(error: RequestError, requestId: string): ConnectError {
  const details = error.details.map(maskDetail);
  // What repeats a part of a request may end in half a character, which no message of gRPC can hold.
  const message = maskCardNumbers(error.message).toWellFormed();
  const { code, orderId, retryAfterSeconds, limit } = error;
  const metadata = { ...facts(details), request_id: requestId, ...(orderId !== undefined && { order_id: orderId }) };
  const faults = details.filter(isFault);
  const outgoing = [
    detail(ErrorInfoSchema, { reason: code, domain: ERROR_DOMAIN, metadata }),
    ...(faults.length > 0 ? [detail(BadRequestSchema, { fieldViolations: faults.map(toViolation) })] : []),
    ...(retryAfterSeconds === undefined
      ? []
      : [detail(RetryInfoSchema, { retryDelay: durationFromMs(retryAfterSeconds * 1_000) })]),
    ...(limit ? [detail(QuotaFailureSchema, { violations: [{ subject: limit.policy, description: message }] })] : []),
    ...ofCode(code, { message, orderId, details }),
  ];
  return new ConnectError(message, statusCodes[code], undefined, outgoing, error.cause);
}

/** What only some codes tell. */
function ofCode(
  code: RequestErrorCode,
  { message, orderId, details }: { message: string; orderId: string | undefined; details: readonly RefusalDetail[] },
) {
  switch (code) {
    case 'ORD004':
    case 'NOT_FOUND':
      return [detail(ResourceInfoSchema, { resourceType: 'orders.v1.Order', description: message })];
    case 'ORD002':
      return [detail(PreconditionFailureSchema, { violations: details.map(toShortage) })];
    case 'ORD001':
    case 'ORD003':
    case 'ORD005':
    case 'ORD006':
    case 'ORD007':
    case 'PRICE_CHANGED': {
      const violation = { type: preconditions[code], subject: orderId ?? '', description: message };
      return [detail(PreconditionFailureSchema, { violations: [violation] })];
    }
    case 'VALIDATION':
    case 'VERSION_CONFLICT':
    case 'IDEMPOTENCY_KEY_REUSED':
    case 'UNAUTHENTICATED':
    case 'FORBIDDEN':
    case 'RATE_LIMITED':
    case 'UNAVAILABLE':
    case 'INTERNAL':
      return [];
    default:
      return code satisfies never;
  }
}

/** The kind of condition that each code says is not met. */
const preconditions = {
  ORD001: 'CUSTOMER',
  ORD003: 'PAYMENT',
  ORD005: 'STATUS',
  ORD006: 'STATUS',
  ORD007: 'ACCEPTANCE',
  PRICE_CHANGED: 'PRICE',
} as const;

function toShortage({ sku, requested, available }: RefusalDetail) {
  return {
    type: 'STOCK',
    subject: String(sku ?? ''),
    description: `requested ${text(requested)}, available ${text(available)}`,
  };
}

/** What the details say beside where a fault is; of several with the same name, the first. */
function facts(details: readonly RefusalDetail[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { pointer: _, parameter: __, header: ___, message: ____, ...more } of details) {
    for (const [name, value] of Object.entries(more)) if (value != null) found[name] ??= text(value);
  }
  return found;
}

function text(value: RefusalDetail[string]): string {
  return (Array.isArray(value) ? value.join(',') : String(value)).toWellFormed();
}

function isFault({ pointer, parameter, header, message }: RefusalDetail): boolean {
  return message !== undefined && (pointer ?? parameter ?? header) !== undefined;
}

function toViolation({ pointer, parameter, header, message = '' }: RefusalDetail) {
  const field = fieldOf(pointer) ?? fieldOfHeader(text(parameter ?? header));
  return { field: field.toWellFormed(), description: message.toWellFormed() };
}

/** `/items/0/sku` as `items[0].sku`. */
function fieldOf(pointer: string | undefined): string | undefined {
  return pointer
    ?.split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`), '');
}

/** Metadata by its name here; the version that a caller has seen is a field. */
function fieldOfHeader(name: string): string {
  return name === 'If-Match' ? 'expected_version' : name.toLowerCase();
}

function detail<Desc extends DescMessage>(desc: Desc, value: MessageInitShape<Desc>) {
  return { desc, value };
}
