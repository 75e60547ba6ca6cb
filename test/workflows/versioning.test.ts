import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;
const deploymentName = `orders-${process.pid}`;

beforeAll(async () => {
  rig = await startSagaRig({ WORKER_DEPLOYMENT: deploymentName, WORKER_BUILD_ID: 'build-1' });
  await rig.product('TEAPOT', 10);
});

afterAll(async () => {
  await rig.stop();
});

test('a versioned worker takes orders once its version is made current', async () => {
  const { connection, namespace } = rig.temporal;
  await eventually(() =>
    connection.workflowService.setWorkerDeploymentCurrentVersion({
      namespace,
      deploymentName,
      buildId: 'build-1',
      identity: 'test',
    }),
  );

  const id = await rig.place();

  await rig.reaches(id, 'CONFIRMED');
  await eventually(async () => {
    const { raw } = await rig.handle(id).describe();
    expect(raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion).toMatchObject({
      deploymentName,
      buildId: 'build-1',
    });
  });
});
