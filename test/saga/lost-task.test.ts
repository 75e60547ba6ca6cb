import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { startWorkerProcess } from './worker-process.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ ROLE: 'api' });
  await rig.stopWorker();
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
});

test('a charge by a worker that died with its task is given back when the order is cancelled before the task runs again', async () => {
  const first = await startWorkerProcess(rig, {});
  const { body } = await rig.fault({ service: 'payment', operation: 'charge', mode: 'timeout_after_effect' });
  const id = await rig.place();
  await eventually(async () => expect(await rig.money(id)).toEqual(['CAPTURED']));
  await first.kill();
  await rig.removeFault(body.id);
  await rig.handle(id).signal('cancelOrder', { actor: 'support:sam', reason: 'because', command_id: 'cancel' });

  const second = await startWorkerProcess(rig, {});
  await rig.reaches(id, 'CANCELLED');
  expect(await rig.money(id)).toEqual(['REFUNDED']);
  expect(await rig.order(id)).toMatchObject({ paymentStatus: 'REFUNDED', refundedMinor: 2_500 });
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 100, reserved: 0 });
  await second.kill();
});

test('a cancellation that waits when a worker dies in an attempt which has outlasted its workflow task is carried out, and replays', async () => {
  const first = await startWorkerProcess(rig, {});
  const slow = { mode: 'slow', delay_ms: 1_400 };
  const { body: reserving } = await rig.fault({ service: 'inventory', operation: 'reserve', ...slow });
  const { body: charging } = await rig.fault({ service: 'payment', operation: 'charge', ...slow });
  const id = await rig.place();
  await eventually(async () => {
    const { events } = await rig.handle(id).fetchHistory();
    expect(events?.filter(({ workflowTaskStartedEventAttributes: started }) => started)).toHaveLength(2);
  });
  await first.kill();
  const cancelled = rig.command(id, 'cancelOrder', {});
  await Promise.all([reserving, charging].map((fault) => rig.removeFault(fault.id)));

  const second = await startWorkerProcess(rig, {});
  await cancelled;
  await rig.reaches(id, 'CANCELLED');
  await second.kill();
  await rig.replay(id);
});
