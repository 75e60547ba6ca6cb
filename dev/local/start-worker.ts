import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunningSystem, type RunningSystem } from '../../src/cli/local-system/running-system.ts';
import { readConfig } from '../../src/config.ts';
import type { LogLine } from './server-process.ts';
import { startWorker } from './services.ts';
import { addDefaults } from './start-config.ts';
import type { Stoppable } from './stoppable.ts';
import { supervise } from './supervisor.ts';
import { addWorkflowBundle } from './workflow-bundle.ts';

/** Starts only a worker, for the servers in the environment or else for the system that `npm start` runs. */
export async function startWorkerOnly(started: Stoppable[], log: LogLine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-worker-'));
  started.push({ stop: () => rm(folder, { recursive: true, force: true }) });
  const env = await addWorkflowBundle(buildWorkerEnvironment(readRunningSystem()), folder, log);
  started.push(await supervise({ name: 'worker', start: () => startWorker(env), log, onStart: () => undefined }));
  log(`the worker is connected to ${env['TEMPORAL_ADDRESS']}. Ctrl-C stops it.`);
}

/** Builds the environment of a worker of the `running` system; this process's own variables come first. Throws when a setting is missing. */
export function buildWorkerEnvironment(
  running: RunningSystem | undefined,
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const env = addDefaults(own, {
    LOG_FORMAT: 'json',
    METRICS_HOST: '127.0.0.1',
    DATABASE_URL: running?.databaseUrl,
    TEMPORAL_ADDRESS: running?.temporalAddress,
    TEMPORAL_NAMESPACE: running?.temporalNamespace,
    ...running?.services,
  });
  if (!env['DATABASE_URL'] || !env['TEMPORAL_ADDRESS']) {
    throw new Error('A worker needs DATABASE_URL and TEMPORAL_ADDRESS, or a system that runs: ROLE=api npm start');
  }
  // A worker that ends because of a missing setting would be restarted for ever.
  readConfig(env);
  return env;
}
