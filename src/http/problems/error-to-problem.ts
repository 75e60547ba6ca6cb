import { HTTPException } from 'hono/http-exception';
import { UploadTooLargeError } from '../../imports/upload-too-large-error.ts';
import { GatewayError } from '../../gateways/index.ts';
import { isDatabaseUnavailable } from '../../repositories/database.ts';
import { TemporalUnavailableError } from '../../temporal/order-commands.ts';
import { ProblemError } from './problem.ts';
import { TooManyDeclinesRefusal } from '../../domain/decline-limits.ts';
import { Refusal } from '../../domain/refusal.ts';

/** The problem that an error is answered with; an unexpected error becomes INTERNAL and shows nothing of its cause. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof UploadTooLargeError) return ofRefusal(error, 413);
  if (error instanceof TooManyDeclinesRefusal) return ofTooManyDeclines(error);
  if (error instanceof Refusal) return ofRefusal(error);
  if (error instanceof HTTPException) return ofHttpException(error);
  if (error instanceof GatewayError)
    return unavailable(`The ${error.service} service is unavailable right now.`, error);
  if (error instanceof TemporalUnavailableError)
    return unavailable('The workflow of the order is unavailable right now.', error);
  if (isDatabaseUnavailable(error)) return unavailable("Orders can't be read or written right now.", error);
  return new ProblemError('INTERNAL', 'Internal error; look for this request_id in the logs.', { cause: error });
}

function ofTooManyDeclines(refusal: TooManyDeclinesRefusal): ProblemError {
  const { scope, limit, windowMs, waitMs, message } = refusal;
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const policy = `"declines of one ${scope}"`;
  return new ProblemError('RATE_LIMITED', message, {
    headers: {
      'Retry-After': String(seconds),
      'RateLimit-Policy': `${policy};q=${limit};w=${Math.ceil(windowMs / 1_000)}`,
      RateLimit: `${policy};r=0;t=${seconds}`,
    },
    cause: refusal,
  });
}

/** Seconds after which a client may try again: about what a restarted database or service needs. */
const RETRY_AFTER_SECONDS = '2';

function unavailable(detail: string, cause: unknown): ProblemError {
  return new ProblemError('UNAVAILABLE', detail, { headers: { 'Retry-After': RETRY_AFTER_SECONDS }, cause });
}

/** The problem of a request that the framework refuses. */
function ofHttpException(error: HTTPException): ProblemError {
  if (error.status === 415) {
    return new ProblemError('VALIDATION', 'Send the body as application/json.', {
      status: 415,
      details: [{ header: 'Content-Type', message: 'must be application/json' }],
    });
  }
  if (error.status === 400) {
    return new ProblemError('VALIDATION', 'The body is not JSON.', {
      details: [{ pointer: '', message: 'is not valid JSON' }],
    });
  }
  return new ProblemError('INTERNAL', 'Internal error; look for this request_id in the logs.', { cause: error });
}

function ofRefusal(refusal: Refusal, status?: 413): ProblemError {
  const { code, message, details, orderId } = refusal;
  return new ProblemError(code, message, {
    details,
    cause: refusal,
    ...(orderId !== undefined && { orderId }),
    ...(status && { status }),
  });
}
