import { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewOrder } from '../../src/domain/order.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import type { Fault } from '../setup/saga-views.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig();
  await rig.product('TEAPOT', 100);
  await rig.product('SOLD-OUT', 0);
});

afterAll(async () => {
  await rig.stop();
});

test('a declined card is charged once, and the order waits for another one without a regular activity', async () => {
  const order = await placeWatched({ paymentMethod: 'tok_declined' }, { service: 'payment', operation: 'charge' });

  await rig.reaches(order.id, 'PAYMENT_FAILED');
  expect(await events(order.id)).toEqual([
    'WORKFLOW_EXECUTION_STARTED',
    'MARKER_RECORDED', // reserveInventory and chargePayment
    'MARKER_RECORDED', // PAYMENT_FAILED
    'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
    'TIMER_STARTED',
  ]);
  expect(await order.calls()).toBe(1);
});

test('goods that are out of stock are asked for once, and the order is cancelled without a regular activity', async () => {
  const soldOut = { productId: 'p1', sku: 'SOLD-OUT', name: 'Teapot', unitPriceMinor: 1_250, quantity: 2 };
  const order = await placeWatched(
    { items: [{ id: '01900000-0000-7000-8000-000000000001', ...soldOut }] },
    { service: 'inventory', operation: 'reserve' },
  );

  await rig.reaches(order.id, 'CANCELLED');
  expect(await events(order.id)).toEqual([
    'WORKFLOW_EXECUTION_STARTED',
    'MARKER_RECORDED', // reserveInventory
    'MARKER_RECORDED', // refundPaymentIfCharged
    'MARKER_RECORDED', // releaseInventoryIfReserved
    'MARKER_RECORDED', // CANCELLED
    'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
    'WORKFLOW_EXECUTION_COMPLETED',
  ]);
  expect(await order.calls()).toBe(1);
});

/** More calls than any step makes. */
const MANY = 100;

/** Starts an order while the sandbox counts its calls of one operation. */
async function placeWatched(given: Partial<NewOrder>, operation: Pick<Fault, 'service' | 'operation'>) {
  const order = await rig.accept(given);
  const counter: Fault = { ...operation, mode: 'slow', delay_ms: 1, times: MANY, match: { order_id: order.id } };
  const { body: fault } = await rig.fault(counter);
  await rig.commands.start(order);
  return {
    id: order.id,
    calls: async () => {
      const { body } = await rig.sandbox.call('GET', '/faults');
      return MANY - body.data.find(({ id }: { id: string }) => id === fault.id).remaining;
    },
  };
}

/** The types of the events of an order's workflow but for its tasks: a machine that pauses for a second takes more of these. */
async function events(orderId: string): Promise<string[]> {
  await rig.rests(orderId);
  const { events: all = [] } = await rig.handle(orderId).fetchHistory();
  const { EventType } = temporal.api.enums.v1;
  const types = (all ?? []).map(({ eventType }) => EventType[eventType ?? 0]!.replace('EVENT_TYPE_', ''));
  return types.filter((type) => !type.startsWith('WORKFLOW_TASK_'));
}
