import type { OrderStatus } from '../src/domain/order-status.ts';
import { recordSagaState as writeSagaState, type SagaStateRecord } from '../src/repositories/saga-step-repository.ts';
import type { OrderTransition } from '../src/domain/order-transition.ts';
import { toActivityFailure } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';
import { writeTransition } from './write-transition.ts';

/** Writing what the saga has come to into the projection. */
export function projectionActivities({ db, announcer }: ActivityDependencies) {
  return {
    /**
     * Writes a status with its history, outbox and ledger rows; returns the status that the order has afterwards,
     * which is another one when the write came too late. Key: the transition's key.
     */
    recordStatus: async (transition: OrderTransition): Promise<{ status: OrderStatus }> => {
      const status = await writeTransition(db, transition).catch(fail);
      announcer.announce(transition.orderId);
      return { status };
    },

    /** Writes where the saga stands, without a change of status. Key: none needed, a repeat writes the same. */
    recordSagaState: async (record: SagaStateRecord): Promise<void> => {
      await writeSagaState(db, record).catch(fail);
      announcer.announce(record.orderId);
    },
  };
}

function fail(error: unknown): never {
  throw toActivityFailure(error);
}
