import type { recordStepAttempt, settleSagaState } from '../../../src/repositories/saga-steps.ts';
import type { Db } from '../../../src/repositories/schema.ts';
import type { TransitionResult } from '../../../src/repositories/transition-order.ts';
import type { OrderTransition } from '../../../src/domain/order-transition.ts';
import type { recordAmendmentPlan } from '../../../src/orders/record-amendment-plan.ts';
import type { recordAmendment } from '../../../src/orders/record-amendment.ts';
import type { recordDecision } from '../../../src/orders/record-decision.ts';
import type { recordNotification } from '../../../src/orders/record-notification.ts';
import type { recordParking } from '../../../src/orders/record-parking.ts';
import type { openReturn } from '../../../src/orders/open-return.ts';
import type { recordRestock } from '../../../src/orders/record-restock.ts';
import type { recordReturn } from '../../../src/orders/record-return.ts';
import type { recordShipment } from '../../../src/orders/record-shipment.ts';
import type { recordShortage } from '../../../src/orders/record-shortage.ts';
import { Refusal } from '../../../src/domain/refusal.ts';

/** Every way in which the worker writes an order: the name of the function, and what it is given beside the database. */
interface Functions {
  readonly transitionOrder: (db: Db, transition: OrderTransition) => Promise<TransitionResult>;
  readonly recordStepAttempt: typeof recordStepAttempt;
  readonly recordParking: typeof recordParking;
  readonly recordDecision: typeof recordDecision;
  readonly recordNotification: typeof recordNotification;
  readonly settleSagaState: typeof settleSagaState;
  readonly recordAmendmentPlan: typeof recordAmendmentPlan;
  readonly recordAmendment: typeof recordAmendment;
  readonly recordShortage: typeof recordShortage;
  readonly recordShipment: typeof recordShipment;
  readonly openReturn: typeof openReturn;
  readonly recordRestock: typeof recordRestock;
  readonly recordReturn: typeof recordReturn;
}

type Name = keyof Functions;
type Given<N extends Name> = Parameters<Functions[N]>[1];

/** The functions with their database given. */
export type Writes = { readonly [N in Name]: (given: Given<N>) => ReturnType<Functions[N]> };

/** One call of one of them. */
export type Write = { readonly [N in Name]: { readonly name: N; readonly given: Given<N> } }[Name];

/** What a write returned, or the refusal that it threw; any other error is thrown on. */
export async function outcomeOf(writes: Writes, write: Write): Promise<unknown> {
  try {
    return { returned: await call(writes, write) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.code, message: error.message };
  }
}

function call(writes: Writes, { name, given }: Write): Promise<unknown> {
  switch (name) {
    case 'transitionOrder':
      return writes.transitionOrder(given);
    case 'recordStepAttempt':
      return writes.recordStepAttempt(given);
    case 'recordParking':
      return writes.recordParking(given);
    case 'recordDecision':
      return writes.recordDecision(given);
    case 'recordNotification':
      return writes.recordNotification(given);
    case 'settleSagaState':
      return writes.settleSagaState(given);
    case 'recordAmendmentPlan':
      return writes.recordAmendmentPlan(given);
    case 'recordAmendment':
      return writes.recordAmendment(given);
    case 'recordShortage':
      return writes.recordShortage(given);
    case 'recordShipment':
      return writes.recordShipment(given);
    case 'openReturn':
      return writes.openReturn(given);
    case 'recordRestock':
      return writes.recordRestock(given);
    case 'recordReturn':
      return writes.recordReturn(given);
    default:
      return name satisfies never;
  }
}
