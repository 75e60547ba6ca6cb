import { HTTPException } from 'hono/http-exception';
import { failureTypes } from '../../domain/failures.ts';
import { UploadTooLargeError } from '../../imports/upload.ts';
import { GatewayError } from '../../gateways/index.ts';
import { isDatabaseUnavailable } from '../../repositories/database.ts';
import { CommandRefusedError, EngineUnavailableError } from '../../temporal/order-commands.ts';
import { ProblemError } from './problem.ts';
import { invalidRequest, Refusal, type RefusalDetail } from '../../domain/refusal.ts';

/** What the client is told of `error`; anything unforeseen becomes INTERNAL and says nothing of its inside. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof UploadTooLargeError) return ofRefusal(error, 413);
  if (error instanceof Refusal) return ofRefusal(error);
  if (error instanceof HTTPException) return ofHttpException(error);
  if (error instanceof CommandRefusedError) return ofRefusedCommand(error);
  if (error instanceof GatewayError)
    return unavailable(`The ${error.service} service can't be reached right now.`, error);
  if (error instanceof EngineUnavailableError)
    return unavailable("The order's saga can't be reached right now.", error);
  if (isDatabaseUnavailable(error)) return unavailable("Orders can't be read or written right now.", error);
  return new ProblemError('INTERNAL', 'Internal error; look for this request_id in the logs.', { cause: error });
}

/** Seconds after which a client may try again: about what a restarted database or service needs. */
const RETRY_AFTER_SECONDS = '2';

function unavailable(detail: string, cause: unknown): ProblemError {
  return new ProblemError('UNAVAILABLE', detail, { headers: { 'Retry-After': RETRY_AFTER_SECONDS }, cause });
}

/** What the framework refuses by itself. */
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

function ofRefusedCommand(error: CommandRefusedError): ProblemError {
  switch (error.type) {
    case failureTypes.transitionNotAllowed:
      return new ProblemError('ORD005', error.message, { cause: error });
    case failureTypes.outOfStock:
      return new ProblemError('ORD002', 'Not everything is in stock; the order stays as it was.', {
        details: (error.details[0] ?? []) as RefusalDetail[],
        cause: error,
      });
    case failureTypes.paymentDeclined:
      return new ProblemError('ORD003', 'The difference could not be charged; the order stays as it was.', {
        details: [{ decline_code: declineCode(error) }],
        cause: error,
      });
    case failureTypes.notPossible:
      return ofRefusal(
        invalidRequest([(error.details[0] ?? { pointer: '', message: error.message }) as RefusalDetail]),
      );
    case failureTypes.versionConflict:
      return new ProblemError('VERSION_CONFLICT', error.message, {
        details: error.details as RefusalDetail[],
        cause: error,
      });
    case failureTypes.tooLateToCancel:
      return new ProblemError('ORD006', error.message, { cause: error });
    case failureTypes.invalidCommand:
      return new ProblemError('VALIDATION', error.message, {
        details: [{ pointer: '', message: error.message }],
        cause: error,
      });
    default:
      return new ProblemError('INTERNAL', 'Internal error; look for this request_id in the logs.', { cause: error });
  }
}

function declineCode({ details: [code] }: CommandRefusedError): string {
  return typeof code === 'string' ? code : 'DECLINED';
}
