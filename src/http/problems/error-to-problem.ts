import { HTTPException } from 'hono/http-exception';
import { UnauthenticatedError, type RequestError, type UsedUpLimit } from '../../access/request-error.ts';
import { toRequestError } from '../../access/to-request-error.ts';
import { UploadTooLargeError } from '../../imports/upload-too-large-error.ts';
import { ProblemError } from './problem.ts';

/** The problem that an error is answered with; an unexpected error becomes INTERNAL and shows nothing of its cause. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HTTPException && (error.status === 415 || error.status === 400)) return ofHttpException(error);
  return ofRequestError(toRequestError(error), error instanceof UploadTooLargeError ? 413 : undefined);
}

/** The problem of a request that the framework refuses. */
function ofHttpException(error: HTTPException): ProblemError {
  if (error.status === 415) {
    return new ProblemError('VALIDATION', 'Send the body as application/json.', {
      status: 415,
      details: [{ header: 'Content-Type', message: 'must be application/json' }],
    });
  }
  return new ProblemError('VALIDATION', 'The body is not JSON.', {
    details: [{ pointer: '', message: 'is not valid JSON' }],
  });
}

function ofRequestError(error: RequestError, status?: 413): ProblemError {
  const { code, message, details, orderId, retryAfterSeconds, limit, cause } = error;
  return new ProblemError(code, message, {
    details,
    headers: {
      ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
      ...(limit && headersOf(limit)),
      ...(error instanceof UnauthenticatedError && { 'WWW-Authenticate': challenges[error.token] }),
    },
    cause,
    ...(orderId !== undefined && { orderId }),
    ...(status && { status }),
  });
}

/** The headers of draft-ietf-httpapi-ratelimit-headers. */
function headersOf({ policy, quota, windowSeconds, resetSeconds }: UsedUpLimit): Record<string, string> {
  return {
    'RateLimit-Policy': `"${policy}";q=${quota}${windowSeconds === undefined ? '' : `;w=${windowSeconds}`}`,
    RateLimit: `"${policy}";r=0${resetSeconds === undefined ? '' : `;t=${resetSeconds}`}`,
  };
}

const REALM = 'Bearer realm="order-saga"';
const INVALID_TOKEN = `${REALM}, error="invalid_token"`;

const challenges: Readonly<Record<UnauthenticatedError['token'], string>> = {
  missing: REALM,
  invalid: INVALID_TOKEN,
  expired: INVALID_TOKEN,
};
