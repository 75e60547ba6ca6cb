import { CREDENTIALS_REFUSED, GatewayError, type GatewayErrorKind } from '../gateway-error.ts';
import { readRetryAfter } from '../read-retry-after.ts';

/** What an error of Stripe's client says, as far as it is of its kind. */
export interface StripeFailure {
  readonly message: string;
  /** The class of the client's error, such as `StripeCardError`. */
  readonly type: string;
  readonly rawType: string | undefined;
  readonly code: string | undefined;
  readonly declineCode: string | undefined;
  readonly param: string | undefined;
  readonly status: number | undefined;
  /** The intent that the error is of. */
  readonly intentId: string | undefined;
  /** Whether it is the saved answer to an earlier request with the same idempotency key. */
  readonly isReplayed: boolean;
  readonly retryAfterMs: number | undefined;
  /** What the connection failed with. */
  readonly cause: unknown;
}

/** Reads an error of Stripe's client; `undefined` when it is none. */
export function readStripeFailure(error: unknown): StripeFailure | undefined {
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return undefined;
  if (!error.type.startsWith('Stripe')) return undefined;
  const headers = fieldOf(error, 'headers');
  const intent = fieldOf(error, 'payment_intent');
  return {
    message: error.message,
    type: error.type,
    rawType: textOf(error, 'rawType'),
    code: textOf(error, 'code'),
    declineCode: textOf(error, 'decline_code'),
    param: textOf(error, 'param'),
    status: numberOf(error, 'statusCode'),
    intentId: typeof intent === 'string' ? intent : textOf(intent, 'id'),
    isReplayed: textOf(headers, 'idempotent-replayed') === 'true',
    retryAfterMs: readRetryAfter(textOf(headers, 'retry-after')),
    cause: fieldOf(error, 'detail'),
  };
}

/** What may be concluded from an error of Stripe's client. */
export function toGatewayError(failure: StripeFailure, cause: unknown): GatewayError {
  const { message, code, status, retryAfterMs } = failure;
  if (status === 401 || status === 403) {
    // What Stripe says of a key has a part of it.
    const refusal = `Stripe refuses the key (${status}): check STRIPE_SECRET_KEY, and what a restricted key may do`;
    return new GatewayError('unreachable', 'payment', refusal, { code: CREDENTIALS_REFUSED, status, cause });
  }
  const said = status === undefined ? `Stripe: ${message}` : `Stripe answered ${status}: ${message}`;
  return new GatewayError(kindOf(failure), 'payment', said, { code, status, retryAfterMs, cause });
}

function kindOf({ type, status, cause }: StripeFailure): GatewayErrorKind {
  if (type === 'StripeConnectionError')
    return notConnected.has(connectionCode(cause) ?? '') ? 'unreachable' : 'unknown';
  if (status === undefined) return 'unknown';
  if (status === 429) return 'unreachable';
  if (status >= 500 || status === 408 || status === 409) return 'unknown';
  // The key was used with other parameters: what became of that request has to be looked up.
  if (type === 'StripeIdempotencyError') return 'unknown';
  return status === 402 || status === 404 ? 'refused' : 'rejected';
}

/** Failures to connect: nothing was sent, so Stripe can't have acted. */
const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function connectionCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return textOf(error, 'code') ?? connectionCode(first ?? error.cause);
}

function fieldOf(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
}

function textOf(holder: unknown, name: string): string | undefined {
  const value = fieldOf(holder, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(holder: unknown, name: string): number | undefined {
  const value = fieldOf(holder, name);
  return typeof value === 'number' ? value : undefined;
}
