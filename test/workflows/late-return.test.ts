import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Caller, Role } from '../../src/domain/caller.ts';
import { createLogger } from '../../src/logger.ts';
import { returnItems } from '../../src/orders/return-items.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, delivered } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig({ RETURN_WINDOW: '1s' });
});
afterAll(() => rig.stop());

/** An order of three whose return window is over, and whose workflow has ended. */
async function kept() {
  const order = await delivered(rig, 3);
  await eventually(async () => expect((await rig.handle(order.id).describe()).status.name).toBe('COMPLETED'));
  return order;
}

/** Returns units of an order as somebody does through the API. */
async function giveBack({ id, itemId }: { id: string; itemId: string }, quantity: number, role: Role, key = uuidv7()) {
  const { db, dependencies, commands, config } = rig;
  const tools = { db, announcer: dependencies.announcer, commands, waitMs: 60_000 };
  const settings = { logger: createLogger(config.log, 'test'), returnWindowMs: config.order.returnWindowMs };
  const caller: Caller = { subject: 'ann', roles: [role], expiresAtMs: Infinity, actor: `${role}:ann` };
  const order = await findOrderWithItems(db, id);
  const wanted = { items: [{ item_id: itemId, quantity }], reason: 'broke within a year' };
  return returnItems({ ...tools, ...settings }, caller, order!, wanted, key);
}

describe('a return after the return window', () => {
  test.each(['customer', 'service'] as const)('is refused to a %s', async (role) => {
    const order = await kept();
    await expect(giveBack(order, 1, role)).rejects.toMatchObject({ code: 'ORD005' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 3_750, left: 3, reserved: 0 });
  });

  test.each(['support', 'operator', 'admin'] as const)('is taken by %s, with the reason on record', async (role) => {
    const order = await kept();
    expect((await giveBack(order, 1, role)).isDone).toBe(true);
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
    const opened = (await rig.historyRows(order.id)).filter(({ change }) => change === 'RETURN');
    expect(opened[0]).toMatchObject({ actor: `${role}:ann`, reason: 'broke within a year' });
    // And the rest of it, by another run of the workflow.
    const rest = await giveBack(order, 2, role);
    expect(rest.isDone).toBe(true);
    expect((await rig.reaches(order.id, 'REFUNDED')).refundedMinor).toBe(3_750);
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
  });

  test('happens once, however often it is asked for at once', async () => {
    const order = await kept();
    const key = uuidv7();
    await Promise.all(Array.from({ length: 4 }, () => giveBack(order, 1, 'support', key)));
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
    expect((await giveBack(order, 1, 'support', key)).isDone).toBe(true);
  });
});
