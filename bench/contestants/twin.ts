import { Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { CREATE_ORDER } from '../../src/domain/messages.ts';
import { orderStartOptions } from '../../src/temporal/start-options.ts';
import { findWorkflowCode } from '../../src/temporal/workflow-code.ts';
import { withOwnThreads } from '../../src/worker/workflow-threads.ts';
import type { BenchedSystem } from '../connect.ts';
import type { Contestant } from './contestant.ts';
import { startIdleWorker } from './idle-worker.ts';

/** The product's workflow, worker and start options, with steps that do nothing. */
export async function startTwin(system: Pick<BenchedSystem, 'temporal' | 'running'>): Promise<Contestant> {
  return startIdleWorker(system, {
    name: 'twin',
    code: await findWorkflowCode(undefined, {}),
    createWorker: (options) =>
      withOwnThreads({ hasStackTraces: false, onStuck: () => {} }, () => Worker.create(options)),
    createActivities: createIdleActivities,
    workflowType: CREATE_ORDER,
    startOptions: orderStartOptions,
  });
}

/** Creates the activity of an order that goes well, with its results, which returns at once. */
function createIdleActivities(onConfirm: (orderId: string) => void): Pick<Activities, 'tryAllSteps'> {
  const id = '019f0000-0000-7000-8000-000000000000';
  return {
    tryAllSteps: async ({ orderId }) => {
      onConfirm(orderId);
      return {
        reserveInventory: { state: 'DONE', output: { id, expiresAt: '2100-01-01T00:00:00.000Z' } },
        chargePayment: { state: 'DONE', output: { paymentId: id } },
        confirmOrder: { state: 'DONE', output: { status: 'CONFIRMED' } },
        notifyCustomer: { state: 'DONE', output: undefined },
      };
    },
  };
}
