import type { OrderStatus } from '../domain/order-status.ts';
import type { OrderTransition, PaymentTransactionRecord } from '../domain/order-transition.ts';
import type { StepRecord } from '../domain/saga.ts';
import type { OrderAnnouncer } from '../events/order-announcer.ts';
import type { Logger } from '../logger.ts';
import { writeLedger } from '../repositories/ledger.ts';
import type { Db } from '../repositories/schema.ts';
import { transitionOrder } from '../repositories/transition-order.ts';
import { reportPayments, reportTransition } from './report-writes.ts';

/** What a use case writes an order with: the database, and who is told once the write is committed. */
export interface OrderWriter {
  readonly db: Db;
  readonly announcer: OrderAnnouncer;
  readonly logger: Logger;
}

/** Writes of one transaction that are logged and counted once it is committed. */
export interface ReportedWrites {
  /** Moves the order to another status, as `transitionOrder` does; returns the status that it has then. */
  readonly move: (transition: OrderTransition) => Promise<OrderStatus>;
  /** Writes steps, charges and refunds into the order's ledger. */
  readonly writeLedger: (
    steps: readonly StepRecord[],
    transactions?: readonly PaymentTransactionRecord[],
  ) => Promise<void>;
}

/**
 * Runs `write` in one transaction, then announces that the order has changed. A write locks the order first, decides by the
 * domain, and throws before it has written anything when the domain refuses.
 */
export async function writeOrder<T>(
  { db, announcer, logger }: OrderWriter,
  orderId: string,
  write: (transaction: Db, writes: ReportedWrites) => Promise<T>,
): Promise<T> {
  const reports: (() => void)[] = [];
  const result = await db.transaction().execute((transaction) =>
    write(transaction, {
      move: async (transition) => {
        const moved = await transitionOrder(transaction, transition);
        reports.push(() => {
          reportTransition(logger, transition, moved);
        });
        return moved.status;
      },
      writeLedger: async (steps, transactions = []) => {
        const booked = await writeLedger(transaction, orderId, steps, transactions);
        reports.push(() => {
          reportPayments(booked);
        });
      },
    }),
  );
  for (const report of reports) report();
  announcer.announce(orderId);
  return result;
}
