import { failureTypes } from '../domain/failures.ts';
import { invalidRequest, Refusal, type RefusalDetail } from '../domain/refusal.ts';
import { CommandRefusedError } from '../temporal/order-commands.ts';

/** Throws a `Refusal` if the workflow refused a command, else the error itself. */
export function refuseCommand(error: unknown): never {
  throw error instanceof CommandRefusedError ? (toRefusal(error) ?? error) : error;
}

/** `undefined` for a failure of any other type: something went wrong. */
function toRefusal(cause: CommandRefusedError): Refusal | undefined {
  const { type, message, details } = cause;
  switch (type) {
    case failureTypes.transitionNotAllowed:
      return new Refusal('ORD005', message, { cause });
    case failureTypes.outOfStock:
      return new Refusal('ORD002', 'Not everything is in stock; the order is unchanged.', {
        details: (details[0] ?? []) as RefusalDetail[],
        cause,
      });
    case failureTypes.paymentDeclined:
      return new Refusal('ORD003', 'The payment was declined; the order is unchanged.', {
        details: [{ decline_code: typeof details[0] === 'string' ? details[0] : 'DECLINED' }],
        cause,
      });
    case failureTypes.orderRejected:
      return new Refusal('ORD007', 'The change was not accepted; the order is unchanged.', { cause });
    case failureTypes.notPossible:
      return invalidRequest([(details[0] ?? { pointer: '', message }) as RefusalDetail]);
    case failureTypes.customerRefused:
      return new Refusal('ORD001', message, { details: details as RefusalDetail[], cause });
    case failureTypes.versionConflict:
      return new Refusal('VERSION_CONFLICT', message, { details: details as RefusalDetail[], cause });
    case failureTypes.tooLateToCancel:
      return new Refusal('ORD006', message, { cause });
    case failureTypes.invalidCommand:
      return new Refusal('VALIDATION', message, { details: [{ pointer: '', message }], cause });
    default:
      return undefined;
  }
}
