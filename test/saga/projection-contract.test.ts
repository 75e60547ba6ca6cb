import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReturn } from '../../src/orders/open-return.ts';
import { recordDecision } from '../../src/orders/record-decision.ts';
import { recordNotification } from '../../src/orders/record-notification.ts';
import { recordParking } from '../../src/orders/record-parking.ts';
import { recordAmendment } from '../../src/orders/record-amendment.ts';
import { recordAmendmentPlan } from '../../src/orders/record-amendment-plan.ts';
import { recordRestock } from '../../src/orders/record-restock.ts';
import { recordReturn } from '../../src/orders/record-return.ts';
import { recordShipment } from '../../src/orders/record-shipment.ts';
import { recordShortage } from '../../src/orders/record-shortage.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { recordStepAttempt, settleSagaState } from '../../src/repositories/saga-steps.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { captureLog } from '../setup/captured-log.ts';
import { openOrders } from '../repositories/orders.ts';
import { anyWrites, ORDER_ID } from './contract/any-writes.ts';
import { readMemory, readStored } from './contract/readings.ts';
import { outcomeOf, type Write, type Writes } from './contract/writes.ts';
import { coupon, items, placed } from './plans/order.ts';
import { createProjection } from './plans/projection.ts';
import type { Rows } from './plans/rows.ts';

let store: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  store = await openOrders();
});
afterAll(() => store.close());

// The fault plans run with rows in memory: they prove what they prove only as long as PostgreSQL does the same.
const { CONTRACT_RUNS = '60' } = process.env;

test('the rows in memory of the fault plans do what PostgreSQL does with the same writes', async () => {
  await fc.assert(
    fc.asyncProperty(anyWrites, fc.boolean(), async (writes, hasCoupon) => {
      const couponTerms = hasCoupon ? coupon : null;
      const memory = createProjection({
        network: { call: (_, effect) => Promise.resolve().then(() => effect(false)) },
        payment: { findCharge: () => undefined },
        hearsOfCharges: false,
        coupon: couponTerms,
        watch: { onSight: () => {}, onAttention: () => {} },
      });
      await store.db.deleteFrom('orders').execute();
      await acceptOrder(store.db, { ...placed, id: ORDER_ID, couponTerms, items }, null);
      const stored = onPostgres(store.db);
      for (const write of writes) {
        if (!mayBeAsked(write, memory.rows)) continue;
        const inMemory = await outcomeOf(memory.repositories, write);
        expect({ write, outcome: await outcomeOf(stored, write) }).toEqual({ write, outcome: inMemory });
        expect({ write, ...(await readStored(store.db)) }).toEqual({ write, ...readMemory(memory.rows) });
      }
    }),
    { numRuns: Number(CONTRACT_RUNS) },
  );
}, 600_000);

/** What the workflow never asks for, and PostgreSQL would refuse with an error: commands are applied one after another. */
function mayBeAsked(write: Write, { order, amendments, returns }: Rows['rows']): boolean {
  const open = amendments.find(({ state }) => state === 'PLANNED');
  switch (write.name) {
    case 'transitionOrder':
    case 'recordShipment':
      return !open;
    case 'recordAmendmentPlan':
      return !open || open.commandId === write.given.command.command_id;
    case 'recordAmendment': {
      const planned = amendments.find(({ number }) => number === write.given.number);
      return planned !== undefined && planned.amounts.totalMinor >= order.refundedMinor;
    }
    case 'recordRestock':
      return returns.some(({ id }) => id === write.given.returnId);
    case 'recordReturn': {
      const ended = returns.find(({ id }) => id === write.given.returnId);
      return ended !== undefined && order.refundedMinor + write.given.refundedMinor <= order.amounts.totalMinor;
    }
    case 'recordStepAttempt':
    case 'recordParking':
    case 'recordDecision':
    case 'recordNotification':
    case 'settleSagaState':
    case 'recordShortage':
    case 'openReturn':
      return true;
    default:
      return write satisfies never;
  }
}

function onPostgres(db: Db): Writes {
  const writer = { db, announcer: { announce: () => {} }, logger: captureLog().logger };
  return {
    transitionOrder: async (given) => {
      const { applied, status } = await transitionOrder(db, given);
      return { applied, status };
    },
    recordStepAttempt: (given) => recordStepAttempt(db, given),
    recordParking: (given) => recordParking(writer, given),
    recordDecision: (given) => recordDecision(writer, given),
    recordNotification: (given) => recordNotification(writer, given),
    settleSagaState: (given) => settleSagaState(db, given),
    recordAmendmentPlan: (given) => recordAmendmentPlan(writer, given),
    recordAmendment: (given) => recordAmendment(writer, given),
    recordShortage: (given) => recordShortage(writer, given),
    recordShipment: (given) => recordShipment(writer, given),
    openReturn: (given) => openReturn(writer, given),
    recordRestock: (given) => recordRestock(writer, given),
    recordReturn: (given) => recordReturn(writer, given),
  };
}
