import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createKeyRing } from '../../src/key-ring.ts';
import { createLogger } from '../../src/logger.ts';
import { withClient } from '../../src/temporal/connection.ts';
import { requestMemo } from '../../src/temporal/request-id.ts';
import { installRuntime } from '../../src/worker/worker.ts';

const [address = '', namespace = '', taskQueue = ''] = process.argv.slice(2);

// A process of its own, whose log is that of the product: runs the workflow that fails, for a request, and ends. Payloads are encrypted.
const keys = createKeyRing([['test', randomBytes(32)]]);
installRuntime(createLogger({ level: 'debug', format: 'json' }, 'worker'), { keys });
const { connection, client, dataConverter } = withClient(await NativeConnection.connect({ address }), namespace, keys);
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  dataConverter,
  workflowsPath: join(import.meta.dirname, 'logging-workflow.ts'),
  interceptors: { workflowModules: [join(import.meta.dirname, '../../workflows/carry-request-id.ts')] },
  activities: {
    sing: async () => {
      throw new TypeError('the activity canary sings');
    },
  },
});
const options = { taskQueue, workflowId: 'canary', ...requestMemo('shop-1') };
await worker.runUntil(client.workflow.execute('singing', options).catch(() => {}));
await connection.close();
