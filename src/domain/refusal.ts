import { maskCardNumbers } from './card-number.ts';

/** Every reason for which a request is refused, by the code that clients decide by. */
export const refusalCodes = [
  'VALIDATION',
  /** The customer is unknown or inactive. */
  'ORD001',
  /** Out of stock. */
  'ORD002',
  /** The payment was declined. */
  'ORD003',
  /** No such order, or not the caller's. */
  'ORD004',
  /** The order's status doesn't allow it. */
  'ORD005',
  /** Too late to cancel: the goods have left. */
  'ORD006',
  /** The order was not accepted, whatever else is in order about it. */
  'ORD007',
  'VERSION_CONFLICT',
  'PRICE_CHANGED',
  'IDEMPOTENCY_KEY_REUSED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'NOT_FOUND',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** One thing that is wrong or of interest; the fields depend on the refusal's code. */
export interface RefusalDetail {
  /** Where it is in the request's body (RFC 6901); the empty text is the body itself. */
  readonly pointer?: string;
  readonly message?: string;
  readonly [field: string]: string | number | readonly string[] | null | undefined;
}

/** The detail with card numbers masked in all of its texts. */
export function maskDetail(detail: RefusalDetail): RefusalDetail {
  const masked: Record<string, RefusalDetail[string]> = {};
  for (const [field, value] of Object.entries(detail)) masked[maskCardNumbers(field)] = maskValue(value);
  return masked;
}

function maskValue(value: RefusalDetail[string]): RefusalDetail[string] {
  if (typeof value === 'string') return maskCardNumbers(value);
  return typeof value === 'object' && value !== null ? value.map((text) => maskCardNumbers(text)) : value;
}

interface RefusalOptions {
  readonly details?: readonly RefusalDetail[];
  readonly orderId?: string;
  readonly cause?: unknown;
}

/** A request is refused: the caller has to change something. The message is for the caller to read. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';
  readonly code: RefusalCode;
  readonly details: readonly RefusalDetail[];
  readonly orderId: string | undefined;

  constructor(code: RefusalCode, message: string, options: RefusalOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details ?? [];
    this.orderId = options.orderId;
  }
}

/** The VALIDATION refusal of a request whose fields are at fault: each detail has a `pointer` (RFC 6901) and a `message`. */
export function invalidRequest(details: readonly RefusalDetail[]): Refusal {
  const [only] = details;
  if (details.length !== 1 || !only) {
    return new Refusal('VALIDATION', `The body has ${details.length} faults.`, { details });
  }
  const { pointer, message } = only;
  return new Refusal('VALIDATION', pointer ? `${pointer}: ${message}` : String(message), { details });
}

/** The refusal of a change to a version of an order that is no longer the current one. */
export function versionConflict(current: number, orderId: string): Refusal {
  return new Refusal('VERSION_CONFLICT', `The order has changed meanwhile: it is at version ${current} now.`, {
    details: [{ header: 'If-Match', message: 'is not the current version', version: current }],
    orderId,
  });
}

/** The refusal of an idempotency key that came with another request before. */
export function keyReused(orderId?: string): Refusal {
  return new Refusal('IDEMPOTENCY_KEY_REUSED', 'The same Idempotency-Key came with another request before.', {
    details: [{ header: 'Idempotency-Key', message: 'was used for another request' }],
    ...(orderId !== undefined && { orderId }),
  });
}
