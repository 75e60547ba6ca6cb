import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createLogger } from '../../src/logger.ts';
import { installRuntime } from '../../src/worker/worker.ts';

const [address = '', namespace = '', taskQueue = ''] = process.argv.slice(2);

// A process of its own, whose log is that of the product: runs the workflow that fails, and ends.
installRuntime(createLogger({ level: 'debug', format: 'json' }, 'worker'));
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowsPath: join(import.meta.dirname, 'logging-workflow.ts'),
  activities: {
    sing: async () => {
      throw new TypeError('the activity canary sings');
    },
  },
});
const { workflow } = new Client({ connection, namespace });
await worker.runUntil(workflow.execute('singing', { taskQueue, workflowId: 'canary' }).catch(() => {}));
await connection.close();
