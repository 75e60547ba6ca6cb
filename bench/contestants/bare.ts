import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { orderStatusAttribute } from '../../src/domain/search-attributes.ts';
import type { BenchedSystem } from '../connect.ts';
import type { BareSteps } from './bare-workflow.ts';
import type { Contestant } from './contestant.ts';
import { startIdleWorker } from './idle-worker.ts';

/** The floor: the smallest workflow of this many local steps, on a worker as the SDK creates it. */
export function startBare(system: Pick<BenchedSystem, 'temporal' | 'running'>, steps: number): Promise<Contestant> {
  return startIdleWorker(system, {
    name: `bare ${steps}`,
    code: { workflowsPath: join(import.meta.dirname, 'bare-workflow.ts') },
    createWorker: (options) => Worker.create(options),
    createActivities: (onConfirm): BareSteps => ({
      takeStep: async () => {},
      confirm: async (orderId) => {
        onConfirm(orderId);
      },
    }),
    workflowType: 'bareOrder',
    startOptions: ({ id: orderId }, { temporal }) => ({
      workflowId: orderWorkflowId(orderId),
      taskQueue: temporal.taskQueue,
      args: [{ orderId, steps }],
      requestEagerStart: true,
      typedSearchAttributes: [{ key: orderStatusAttribute, value: 'PENDING' }],
    }),
  });
}
