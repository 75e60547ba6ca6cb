import type { Resolution } from './messages.ts';
import { isCompensation, isRetriable, movedMoney, sagas, type SagaAction } from './saga.ts';

/** What an operator's decision on a parked step does, as a sentence without a subject, such as "runs it again …". */
export function describeResolution(step: SagaAction, action: Resolution): string {
  if (action === 'retry') return 'runs it again, with the same key: what it did before is not done twice';
  return action === 'skip' ? describeSkip(step) : describeResolve(step);
}

function describeSkip(step: SagaAction): string {
  if (step === 'notifyCustomer') return 'lets it be: the order goes on all the same';
  if (isCompensation(step) || isRetriable(step)) {
    return 'leaves it undone and goes on; whatever it should have given back stays as it is';
  }
  return Object.hasOwn(sagas.create, step)
    ? 'gives the order up: everything done so far is compensated and the order is cancelled'
    : 'gives this change up: everything done for it so far is compensated and the order stays as it was';
}

function describeResolve(step: SagaAction): string {
  if (step === 'notifyCustomer') return 'says that you have told the customer';
  const moved = movedMoney(step);
  if (!moved) return 'says that you have done it by hand: the saga goes on as if it had succeeded';
  return moved === 'CHARGE'
    ? 'says that you took the money by hand, outside the payment service; add a "reference". A charge there is refunded. ' +
        'If the payment service has the payment, choose `retry`: it is looked up, and not made twice'
    : 'says that you gave the money back by hand, outside the payment service; add a "reference"';
}
