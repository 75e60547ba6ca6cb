import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TemporalUnavailableError } from '../../src/temporal/order-commands.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig();
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
});

/** Takes the next workflow task and completes it without a look at the updates that it brought, as a worker does that has lost them. */
async function overlookUpdate(): Promise<void> {
  const { connection, namespace, taskQueue } = rig.temporal;
  const worker = { namespace, identity: 'overlooks updates' };
  const task = await connection.workflowService.pollWorkflowTaskQueue({ ...worker, taskQueue: { name: taskQueue } });
  expect(task.messages).toHaveLength(1);
  await connection.workflowService.respondWorkflowTaskCompleted({ ...worker, taskToken: task.taskToken });
}

test('a command that a worker overlooks is sent again and carried out', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.rests(id);
  await rig.stopWorker();
  const replied = rig.command(id, 'changeStatus', { status: 'PROCESSING' });
  await overlookUpdate();
  await overlookUpdate();
  await rig.startWorker();
  expect(await replied).toEqual({ outcome: 'done', status: 'PROCESSING' });
});

test('a command whose workflow is terminated before it is done may be sent again', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  const { body } = await rig.fault({ service: 'payment', operation: 'refund', mode: 'fail_before_effect' });
  const command = { actor: 'support:sam', reason: 'because', command_id: uuidv7() };
  const replied = rig.commands.send(id, 'cancelOrder', command, 60_000).catch((error: unknown) => error);
  await eventually(async () => expect((await rig.order(id)).sagaState).toBe('COMPENSATING'));
  await rig.handle(id).terminate('by hand');
  expect(await replied).toBeInstanceOf(TemporalUnavailableError);

  await rig.removeFault(body.id);
  await rig.reconcile({ everything: true });
  await rig.reaches(id, 'CANCELLED');
});
