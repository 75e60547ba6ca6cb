import { freePort } from '../local/free-port.ts';
import { respondsOk, startProcess } from '../local/node-process.ts';
import { kill, type Exit, type LogLine } from '../local/server-process.ts';
import type { Workload } from './manifest.ts';

/** A process that runs as its manifest says, on ports of its own. */
export interface Pod {
  readonly name: string;
  readonly pid: number;
  /** Where it takes requests. */
  readonly url: string;
  /** Where it shows its metrics. */
  readonly metricsUrl: string;
  /** Sends SIGTERM, and SIGKILL when the time that the manifest gives is over. */
  readonly stop: () => Promise<StoppedPod>;
}

/** How a process ended after it was told to stop. */
export interface StoppedPod {
  readonly name: string;
  readonly tookMs: number;
  readonly exit: Exit;
}

/** Starts a process and resolves when it is ready. The variables of its ports are set to free ones: no two share an address here. */
export async function startPod(
  name: string,
  { main, env: own, graceMs, readyPath }: Workload,
  env: NodeJS.ProcessEnv,
  log: LogLine,
): Promise<Pod> {
  const port = String(await freePort());
  const ports = { API_PORT: port, PROBE_PORT: port, METRICS_PORT: String(await freePort()) };
  const url = `http://127.0.0.1:${port}`;
  const started = await startProcess({ main, env: { ...env, ...own, ...ports, API_HOST: '127.0.0.1' }, log }, () =>
    respondsOk(url + readyPath),
  );
  const stop = async () => {
    const sinceMs = performance.now();
    kill(started.pid, 'SIGTERM');
    const timer = setTimeout(() => kill(started.pid, 'SIGKILL'), graceMs);
    const exit = await started.exited;
    clearTimeout(timer);
    return { name, tookMs: performance.now() - sinceMs, exit };
  };
  return { name, pid: started.pid, url, metricsUrl: `http://127.0.0.1:${ports.METRICS_PORT}/metrics`, stop };
}
