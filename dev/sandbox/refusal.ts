import type { ErrorHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from '../../src/logger.ts';
import { isUnavailable, sqlState } from './database.ts';

/** An answer other than success, with its status; its body is `{code, message, details?}` and the fields of `extra`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly details: unknown;
  readonly extra: Record<string, unknown>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    details?: unknown,
    extra: Record<string, unknown> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.extra = extra;
  }

  /** Returns the body of the answer. */
  body(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      ...(this.details !== undefined && { details: this.details }),
      ...this.extra,
    };
  }
}

/** Creates a refusal of an invalid request; `pointer` is a JSON pointer, or the name of a header or query parameter. */
export function invalid(pointer: string, message: string): Refusal {
  return new Refusal(400, 'VALIDATION', 'the request is not valid', [{ path: pointer, message }]);
}

/** Turns every error into an answer: a refusal into its own, an unavailable database into 503, anything else into 500. */
export function answerErrors(logger: Logger): ErrorHandler {
  return (error, c) => {
    const refusal = error instanceof Refusal ? error : translate(error);
    if (refusal.status >= 500 && refusal !== error) {
      logger.error({ err: error, method: c.req.method, path: c.req.path }, 'request failed');
    }
    if (refusal.status === 503) c.header('Retry-After', '1');
    return c.json(refusal.body(), refusal.status);
  };
}

function translate(error: Error): Refusal {
  if (isUnavailable(error)) return new Refusal(503, 'UNAVAILABLE', 'the database is not available');
  // A NUL or half a surrogate pair: JSON can hold them, PostgreSQL's text can't.
  if (sqlState(error)?.startsWith('22P') || sqlState(error) === '22021') {
    return new Refusal(400, 'VALIDATION', 'the request holds characters that cannot be stored');
  }
  return new Refusal(500, 'INTERNAL', 'the request failed');
}
