import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { startTemporalServer, type TemporalServer } from '../../dev/local/temporal-server.ts';
import { createTestNamespace } from '../setup/temporal.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, confirmed } from './later-rig.ts';

let server: TemporalServer;
let rig: SagaRig;

beforeAll(async () => {
  server = await startTemporalServer({
    cli: inject('temporalCli'),
    port: await freePort(),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 40 },
    log: () => {},
  });
  rig = await startSagaRig({}, () => createTestNamespace(server.address));
});

afterAll(async () => {
  await rig.stop();
  await server.stop();
});

test('an order whose history has grown long goes on in a new run, as if nothing had been', async () => {
  const order = await confirmed(rig);
  const { runId } = await rig.handle(order.id).describe();
  for (const quantity of [3, 5, 2, 4, 1, 3]) {
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity });
  }
  expect((await rig.handle(order.id).describe()).runId).not.toBe(runId);
  const command_id = 'once';
  const processing = { status: 'PROCESSING', command_id } as const;
  await rig.command(order.id, 'changeStatus', processing);
  for (const quantity of [2, 6, 3]) {
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity });
  }
  expect(await balances(rig, order)).toEqual({ keptMinor: 3_750, left: 3, reserved: 0 });
  await rig.command(order.id, 'cancelOrder', {});
  expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
  expect(await rig.order(order.id)).toMatchObject({ status: 'CANCELLED', refundedMinor: 3_750 });
});

test('an order whose goods wait for another payment method still takes one in a new run', async () => {
  const settings = {
    PAYMENT_CAPTURE: 'shipment',
    PAYMENT_DECLINES_PER_ORDER: '100',
    PAYMENT_DECLINES_PER_CUSTOMER: '100',
  };
  const shop = await startSagaRig(settings, () => createTestNamespace(server.address));
  try {
    const { id } = await confirmed(shop, 2, { paymentMethod: 'tok_expires_2s' });
    const isExpired = async () => {
      const { body } = await shop.sandbox.call('GET', `/payments/order/${id}`);
      return body.data[0].status === 'EXPIRED';
    };
    await eventually(isExpired);
    await shop.command(id, 'changeStatus', { status: 'PROCESSING' });
    const match = { order_id: id };
    await shop.fault({ service: 'payment', operation: 'authorize', mode: 'decline', times: 1, match });
    const declined = { type: 'PAYMENT_DECLINED' };
    await expect(shop.command(id, 'changeStatus', { status: 'SHIPPED' })).rejects.toMatchObject(declined);
    const { runId } = await shop.handle(id).describe();
    await eventually(async () => {
      const offer = shop.command(id, 'retryPayment', { payment_method: 'tok_declined' });
      await expect(offer).rejects.toMatchObject(declined);
      expect((await shop.handle(id).describe()).runId).not.toBe(runId);
    });
    await shop.command(id, 'retryPayment', { payment_method: 'tok_ok' });
    await shop.command(id, 'changeStatus', { status: 'SHIPPED' });
    expect(await shop.order(id)).toMatchObject({ status: 'SHIPPED', paymentStatus: 'CAPTURED' });
  } finally {
    await shop.stop();
  }
});
