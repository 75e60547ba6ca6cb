import { readRunningSystem } from './running-system.ts';
import type { LogLine } from './server-process.ts';
import { startWorker } from './services.ts';
import type { Stoppable } from './stoppable.ts';
import { supervise } from './supervisor.ts';

/** Runs nothing but a worker, against what the environment names or else the system that `npm start` runs. */
export async function startWorkerOnly(started: Stoppable[], log: LogLine): Promise<void> {
  const running = readRunningSystem();
  const databaseUrl = process.env['DATABASE_URL'] || running?.databaseUrl;
  const address = process.env['TEMPORAL_ADDRESS'] || running?.temporalAddress;
  if (!databaseUrl || !address) {
    throw new Error('A worker needs DATABASE_URL and TEMPORAL_ADDRESS, or a system that runs: ROLE=api npm start');
  }
  const env: NodeJS.ProcessEnv = {
    LOG_FORMAT: 'json',
    ...process.env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: address,
  };
  if (running) {
    env['TEMPORAL_NAMESPACE'] ||= running.temporalNamespace;
    env['SANDBOX_PORT'] ||= new URL(running.sandboxUrl).port;
  }
  started.push(await supervise({ name: 'worker', start: () => startWorker(env), log, onStart: () => undefined }));
  log(`the worker runs against ${address}. Ctrl-C stops it.`);
}
