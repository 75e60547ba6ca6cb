import { TooManyDeclinesRefusal } from '../domain/decline-limits.ts';
import { Refusal } from '../domain/refusal.ts';
import { GatewayError } from '../gateways/index.ts';
import { isDatabaseUnavailable } from '../repositories/database.ts';
import { TemporalUnavailableError } from '../temporal/order-commands.ts';
import { RequestError } from './request-error.ts';

/** What the caller is told of an error; an unexpected one becomes INTERNAL and shows nothing of its cause. */
export function toRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof TooManyDeclinesRefusal) return ofTooManyDeclines(error);
  if (error instanceof Refusal) return ofRefusal(error);
  if (error instanceof GatewayError)
    return unavailable(`The ${error.service} service is unavailable right now.`, error);
  if (error instanceof TemporalUnavailableError)
    return unavailable('The workflow of the order is unavailable right now.', error);
  if (isDatabaseUnavailable(error)) return unavailable("Orders can't be read or written right now.", error);
  return new RequestError('INTERNAL', 'Internal error; look for this request_id in the logs.', { cause: error });
}

function ofTooManyDeclines(refusal: TooManyDeclinesRefusal): RequestError {
  const { scope, limit, windowMs, waitMs, message } = refusal;
  const waitSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new RequestError('RATE_LIMITED', message, {
    retryAfterSeconds: waitSeconds,
    limit: {
      policy: `declines of one ${scope}`,
      quota: limit,
      windowSeconds: Math.ceil(windowMs / 1_000),
      resetSeconds: waitSeconds,
    },
    cause: refusal,
  });
}

function ofRefusal(refusal: Refusal): RequestError {
  const { code, message, details, orderId } = refusal;
  return new RequestError(code, message, { details, orderId, cause: refusal });
}

/** Seconds after which a caller may try again: about what a restarted database or service needs. */
const RETRY_AFTER_SECONDS = 2;

function unavailable(message: string, cause: unknown): RequestError {
  return new RequestError('UNAVAILABLE', message, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}
