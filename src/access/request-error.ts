import { refusalCodes, type RefusalCode, type RefusalDetail } from '../domain/refusal.ts';

/** Every code with which a request is refused or fails, through whichever door it came: what programs decide by. */
export const requestErrorCodes = [...refusalCodes, 'UNAUTHENTICATED', 'UNAVAILABLE', 'INTERNAL'] as const;

export type RequestErrorCode = RefusalCode | 'UNAUTHENTICATED' | 'UNAVAILABLE' | 'INTERNAL';

/** A limit that is used up. */
export interface UsedUpLimit {
  /** What is limited, such as `user`. */
  readonly policy: string;
  readonly quota: number;
  /** The time in which the quota is counted; none when it is what may be open at a time. */
  readonly windowSeconds?: number;
  /** After how long all of the quota is there again. */
  readonly resetSeconds?: number;
}

interface RequestErrorOptions {
  readonly details?: readonly RefusalDetail[];
  readonly orderId?: string | undefined;
  readonly retryAfterSeconds?: number;
  readonly limit?: UsedUpLimit;
  readonly cause?: unknown;
}

/** A request is refused or has failed. The message is for the caller to read; each door answers with it in its protocol's way. */
export class RequestError extends Error {
  override readonly name: string = 'RequestError';
  readonly code: RequestErrorCode;
  readonly details: readonly RefusalDetail[];
  readonly orderId: string | undefined;
  /** After how many seconds it is worth trying again, if it is. */
  readonly retryAfterSeconds: number | undefined;
  readonly limit: UsedUpLimit | undefined;

  constructor(code: RequestErrorCode, message: string, options: RequestErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details ?? [];
    this.orderId = options.orderId;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.limit = options.limit;
  }
}

/** The caller is not known: no token came, one that is not valid here, or one that was valid once. */
export class UnauthenticatedError extends RequestError {
  override readonly name = 'UnauthenticatedError';
  readonly token: 'missing' | 'invalid' | 'expired';

  constructor(token: UnauthenticatedError['token'], message: string, cause?: unknown) {
    super('UNAUTHENTICATED', message, { cause });
    this.token = token;
  }
}
