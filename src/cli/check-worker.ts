import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import ms, { type StringValue } from 'ms';
import { environment } from '../config/environment.ts';
import { readVariables } from '../config/read-variables.ts';

// A worker polls at least once a minute; Temporal forgets a worker after five minutes.
const { values } = parseArgs({ options: { within: { type: 'string', default: '2m' } } });

/** Health check: exits with 0 when a worker on this host polled Temporal recently, else with 1 and the reason. */
try {
  const { TEMPORAL_TASK_QUEUE: taskQueue } = readVariables(
    environment.pick({ TEMPORAL_TASK_QUEUE: true }),
    process.env,
  );
  const lastAskedMs = await readLastPoll(taskQueue);
  if (lastAskedMs === undefined) throw new Error(`no worker on host ${hostname()} polls the task queue`);
  const silentMs = Date.now() - lastAskedMs;
  if (silentMs > ms(values.within as StringValue)) throw new Error(`the worker has not polled for ${ms(silentMs)}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Returns when a worker on this host last polled the task queue, in milliseconds since the epoch. */
async function readLastPoll(taskQueue: string): Promise<number | undefined> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
    });
    // The SDK's identity of a worker is its process id and its host.
    const ours = pollers.filter(({ identity }) => identity?.endsWith(`@${hostname()}`));
    const times = ours.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000);
    return times.length === 0 ? undefined : Math.max(...times);
  } finally {
    await connection.close();
  }
}
