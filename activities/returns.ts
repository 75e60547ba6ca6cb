import { failureTypes } from '../src/domain/failures.ts';
import type { OrderLine } from '../src/domain/messages.ts';
import type { OpenReturn } from '../src/domain/order-return.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import type { RefundRequest } from '../src/gateways/payment.ts';
import * as returns from '../src/repositories/returns.ts';
import { refusal, toActivityFailure } from './failures.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Input of what brings goods back, or takes that back. */
export interface RestockInput {
  readonly orderId: string;
  readonly saga: string;
  readonly returnId: string;
  readonly lines: readonly OrderLine[];
}

/** Taking goods back and giving their money back. */
export function returnActivities(dependencies: ActivityDependencies) {
  const { db, announcer, gateways } = dependencies;
  const { inventory, payment } = gateways;
  return {
    /** Finds the return that is on record, or puts it there. Key: its id. Refused: NOT_POSSIBLE, TRANSITION_NOT_ALLOWED. */
    openReturn: async (wanted: returns.NewReturn): Promise<OpenReturn> => {
      const result = await returns.openReturn(db, wanted).catch(fail);
      if (result.outcome === 'impossible') throw refusal(failureTypes.notPossible, result.problem);
      if (result.outcome === 'other') throw refusal(failureTypes.notPossible, 'the id belongs to another return');
      if (result.outcome === 'too late')
        throw refusal(failureTypes.notPossible, 'the time to return the order is over');
      if (result.outcome === 'not delivered') {
        throw refusal(
          failureTypes.transitionNotAllowed,
          `the order is ${result.status}: only delivered goods can be returned`,
        );
      }
      if (result.opened.isRejected) throw refusal(failureTypes.notPossible, 'the return was given up');
      announcer.announce(wanted.orderId);
      return result.opened;
    },

    /** Puts the goods back into stock once. Key: the return's id. Undo: `withdrawRestock`. */
    restockReturn: stepActivity(
      'restockReturn',
      dependencies,
      async ({ orderId, returnId, lines }: RestockInput): Promise<void> => inventory.restock(orderId, returnId, lines),
    ),

    /** Takes the goods out of stock again if they were put there, and forbids it. Key: the return's id. Right at any time. */
    withdrawRestock: stepActivity(
      'withdrawRestock',
      dependencies,
      async ({ orderId, returnId }: RestockInput): Promise<void> => inventory.withdrawRestock(orderId, returnId),
    ),

    /** Notes that the goods are back, and computes what is due for them. Key: the return's id. */
    recordRestock: async (record: Parameters<typeof returns.recordRestock>[1]): Promise<returns.RefundDue> => {
      const due = await returns.recordRestock(db, record).catch(fail);
      announcer.announce(record.orderId);
      return due;
    },

    /** Refunds what is due for a return, once. Key: `<order id>:refund:return:<n>`. Carried through. */
    refundReturn: stepActivity(
      'refundReturn',
      dependencies,
      async (input: RefundRequest & { readonly saga: string }): Promise<void> => payment.refund(input),
    ),

    /** Writes how the return has ended; returns the status that the order has afterwards. Key: the return's id. */
    recordReturn: async (record: returns.ReturnRecord): Promise<{ status: OrderStatus }> => {
      const status = await returns.recordReturn(db, record).catch(fail);
      announcer.announce(record.orderId);
      return { status };
    },
  };
}

function fail(error: unknown): never {
  throw toActivityFailure(error);
}
