import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { eventually } from '../setup/eventually.ts';
import { json, rawMessages, type RawPayload } from '../setup/raw-messages.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig();
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
});

test.each([
  ['null', json(null)],
  ['an empty object', json({})],
  ['a text', json('done')],
  ['what can not be decoded', { encoding: 'json/protobuf', data: '{}' }],
] as const)('an activity that somebody completes with %s runs again, and no workflow task fails', async (_, result) => {
  const { body: charge } = await rig.fault({ service: 'payment', operation: 'charge', mode: 'down' });
  const id = await rig.place();
  await complete(id, 'chargePayment', result);
  await rig.removeFault(charge.id);
  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.money(id)).toEqual(['CAPTURED']);

  const { body: refund } = await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const { body: release } = await rig.fault({ service: 'inventory', operation: 'release', mode: 'down' });
  const cancelled = rig.command(id, 'cancelOrder', {});
  await complete(id, 'refundPaymentIfCharged', result);
  await rig.removeFault(refund.id);
  await complete(id, 'releaseInventoryIfReserved', result);
  await rig.removeFault(release.id);
  expect(await cancelled).toMatchObject({ status: 'CANCELLED' });
  expect(await rig.money(id)).toEqual(['REFUNDED']);
  expect(await rawMessages(rig.temporal, orderWorkflowId(id)).taskFailures()).toEqual([]);
});

/** Completes an activity by hand as soon as it waits for its next attempt. */
async function complete(id: string, name: string, { encoding = '', data }: RawPayload) {
  const workflowId = orderWorkflowId(id);
  await eventually(async () => {
    const { raw } = await rig.handle(id).describe();
    const pending = raw.pendingActivities?.find(
      ({ activityType, attempt }) => activityType?.name === name && attempt! > 1,
    );
    expect(pending).toBeDefined();
    await rig.temporal.client.workflowService.respondActivityTaskCompletedById({
      namespace: rig.temporal.namespace,
      workflowId,
      activityId: pending!.activityId!,
      result: { payloads: [{ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) }] },
    });
  });
}
