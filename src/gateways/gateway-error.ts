/**
 * Why a call to another service brought no result.
 * `refused`: it answered and said no, `code` says why. `unreachable`: it can't have acted. `unknown`: it may have acted.
 * `rejected`: it can't make sense of the request, and never will.
 */
export type GatewayErrorKind = 'refused' | 'unreachable' | 'unknown' | 'rejected';

/** What is known of a call that did not succeed. */
export interface GatewayErrorFacts {
  readonly code?: string | undefined;
  readonly details?: unknown;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The code of a call that was turned away for its credentials: a fault of the configuration and no answer about an order, which waits
 * until somebody has mended it.
 */
export const CREDENTIALS_REFUSED = 'CREDENTIALS_REFUSED';

/** A call to another service that did not succeed; the kind says what may be concluded from it. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: GatewayErrorKind;
  readonly service: string;
  /** The service's own error code, when it gave one. */
  readonly code: string | undefined;
  readonly details: unknown;
  /** The HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** How long the service asked to be left alone, in milliseconds, when it did. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: GatewayErrorKind, service: string, message: string, more: GatewayErrorFacts = {}) {
    super(message, { cause: more.cause });
    this.kind = kind;
    this.service = service;
    this.code = more.code;
    this.details = more.details;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
  }
}
