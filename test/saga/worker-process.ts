import { kill } from '../../dev/local/server-process.ts';
import { startProcess } from '../../dev/local/node-process.ts';
import { inject } from 'vitest';
import type { SagaRig } from '../setup/saga-rig.ts';

/** A worker in a process of its own, which can die as processes do. */
export interface WorkerProcess {
  /** Ends it with SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
}

/** Starts the product's worker on the servers of this rig, with nothing else from the surroundings. */
export async function startWorkerProcess(rig: SagaRig, settings: Record<string, string>): Promise<WorkerProcess> {
  let isUp = false;
  const server = await startProcess(
    {
      main: 'src/main-worker',
      env: {
        PATH: process.env['PATH'],
        TEMPORAL_ADDRESS: rig.temporal.address,
        TEMPORAL_NAMESPACE: rig.temporal.namespace,
        TEMPORAL_TASK_QUEUE: rig.temporal.taskQueue,
        DATABASE_URL: rig.sandbox.databaseUrl,
        INVENTORY_URL: rig.sandbox.url,
        PAYMENT_URL: rig.sandbox.url,
        CUSTOMER_URL: rig.sandbox.url,
        NOTIFICATION_URL: rig.sandbox.url,
        ...(rig.config.gateways.review && { REVIEW_URL: rig.config.gateways.review.url }),
        // A worker starts the orders that were accepted and not started.
        ...(rig.config.order.paymentCapture && { PAYMENT_CAPTURE: rig.config.order.paymentCapture }),
        WORKFLOW_BUNDLE: inject('workflowBundle'),
        METRICS_PORT: '0',
        ...settings,
      },
      log: (line) => {
        isUp ||= line.includes('worker started');
      },
    },
    () => Promise.resolve(isUp),
  );
  return {
    kill: async () => {
      kill(server.pid, 'SIGKILL');
      await server.exited;
    },
  };
}
