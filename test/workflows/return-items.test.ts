import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReturn } from '../../src/orders/open-return.ts';
import { relayReturns } from '../../src/temporal/relay-untold.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, confirmed, delivered, returnStatesOf } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '2s' });
});
afterAll(() => rig.stop());

const giveBack = ({ id, itemId }: { id: string; itemId: string }, quantity: number, commandId = uuidv7()) =>
  rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity }], command_id: commandId } as never);

describe('a return', () => {
  test('of a part refunds that part and leaves the order delivered', async () => {
    const order = await delivered(rig, 3);
    await giveBack(order, 1);
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
    expect(await rig.order(order.id)).toMatchObject({ status: 'DELIVERED', paymentStatus: 'PARTIALLY_REFUNDED' });
  });

  test('of everything, in parts, ends in REFUNDED with the total given back', async () => {
    const order = await delivered(rig, 3);
    await giveBack(order, 1);
    await giveBack(order, 2);
    await rig.reaches(order.id, 'REFUNDED');
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
    expect(await rig.history(order.id)).toEqual(expect.arrayContaining(['DELIVERED', 'RETURNED', 'REFUNDED']));
    expect(await rig.handle(order.id).result()).toEqual({ status: 'REFUNDED' });
  });

  test('of more than is left is refused, however many ask at once', async () => {
    const order = await delivered(rig, 2);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => giveBack(order, 1)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
  });

  test('of a parcel that was refused takes the whole shipped order back, and no part of it', async () => {
    const order = await confirmed(rig, 3);
    await rig.command(order.id, 'changeStatus', { status: 'SHIPPED' });
    await expect(giveBack(order, 2)).rejects.toMatchObject({ type: 'TRANSITION_NOT_ALLOWED' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 3_750, left: 3, reserved: 0 });
    await giveBack(order, 3);
    await rig.reaches(order.id, 'REFUNDED');
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
    expect((await rig.history(order.id)).slice(1)).toEqual(['CONFIRMED', 'SHIPPED', 'SHIPPED', 'RETURNED', 'REFUNDED']);
  });

  test('that is asked for twice under one id happens once', async () => {
    const order = await delivered(rig, 4);
    const id = uuidv7();
    await Promise.all([giveBack(order, 1, id), giveBack(order, 1, id)]);
    expect(await balances(rig, order)).toEqual({ keptMinor: 3_750, left: 3, reserved: 0 });
  });

  test('whose refund fails for good waits for an operator, who makes it go on', async () => {
    const order = await delivered(rig);
    await rig.fault({ service: 'payment', operation: 'refund', mode: 'down', match: { order_id: order.id } });
    const returning = giveBack(order, 2);
    await eventually(async () => {
      expect((await rig.order(order.id)).sagaState).toBe('NEEDS_ATTENTION');
    });
    expect((await rig.order(order.id)).status).toBe('RETURNED');
    await rig.noFaults();
    await rig.command(order.id, 'resolveStep', { step: 'refundReturn', action: 'retry' });
    await returning;
    await rig.reaches(order.id, 'REFUNDED');
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
  });

  test('whose goods an operator gives up on changes nothing in the end', async () => {
    const order = await delivered(rig);
    const fault = { service: 'inventory', operation: 'release', mode: 'down', match: { order_id: order.id } } as const;
    const { body } = await rig.fault(fault);
    const returning = giveBack(order, 1);
    returning.catch(() => {});
    await eventually(async () => {
      expect((await rig.order(order.id)).sagaState).toBe('NEEDS_ATTENTION');
    });
    await rig.command(order.id, 'resolveStep', { step: 'restockReturn', action: 'skip' });
    await rig.removeFault(body.id);
    await expect(returning).rejects.toMatchObject({ type: 'NOT_POSSIBLE' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
    expect(await returnStatesOf(rig, order.id)).toEqual(['REJECTED']);
  });

  test('whose workflow was terminated is carried through', async () => {
    const order = await delivered(rig);
    await rig.fault({ service: 'payment', operation: 'refund', mode: 'down', match: { order_id: order.id } });
    giveBack(order, 2).catch(() => {});
    await rig.reaches(order.id, 'RETURNED');
    await rig.handle(order.id).terminate('by a test');
    await rig.noFaults();
    await eventually(async () => {
      await rig.reconcile({ everything: true });
      expect((await rig.order(order.id)).status).toBe('REFUNDED');
    });
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
  });
});

describe('a return of which the saga was not told', () => {
  test('is told of it later', async () => {
    const order = await delivered(rig);
    await openUntold(order, 0);
    await tellLater();
    expect(await balances(rig, order)).toEqual({ keptMinor: 1_250, left: 1, reserved: 0 });
  });

  test('keeps none waiting that came later when its order can not be resumed', async () => {
    const [sealed, later] = [await delivered(rig), await delivered(rig)];
    await rig.handle(sealed.id).terminate('by a test');
    await rig.db.updateTable('orders').set({ payment_method: 'enc:lost:' }).where('id', '=', sealed.id).execute();
    await openUntold(sealed, 0);
    await openUntold(later, 1);
    await tellLater();
    expect(await returnStatesOf(rig, sealed.id)).toEqual(['OPEN']);
    expect(await balances(rig, later)).toEqual({ keptMinor: 1_250, left: 1, reserved: 0 });
  });
});

const tellLater = () => relayReturns({ ...rig.dependencies, temporal: rig.temporal, config: rig.config });

/** Puts a return of one piece on record, asked for so many milliseconds after 1970. */
async function openUntold(order: Awaited<ReturnType<typeof delivered>>, atMs: number) {
  const items = [{ item_id: order.itemId, quantity: 1 }];
  const request = { id: uuidv7(), orderId: order.id, items, actor: 'customer:alice', reason: 'too big' };
  await openReturn(rig.dependencies, request);
  await rig.db
    .updateTable('order_returns')
    .set({ created_at: new Date(atMs) })
    .where('order_id', '=', order.id)
    .execute();
}
