import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileLog } from '../dev/local/console.ts';
import { startPrivateSystem } from '../dev/local/private-system.ts';
import { createHttpClient, type HttpClient } from '../dev/replay/http-client.ts';
import type { Pod } from '../dev/rollout/pod.ts';
import { startPods } from '../dev/rollout/pods.ts';
import { buildPodEnvironment } from '../dev/rollout/rollout.ts';
import type { RunningSystem } from '../src/cli/local-system/running-system.ts';
import { signToken } from '../src/cli/local-system/sign-token.ts';

/** The product as several processes behind a proxy, on servers of its own; disposing of it stops it and deletes its data. */
export interface ProcessFleet extends AsyncDisposable {
  readonly pods: readonly Pod[];
  /** Sends each request to the next API, as a service. It never retries. */
  readonly api: HttpClient;
  readonly running: RunningSystem;
  /** The same database as the superuser. */
  readonly databaseAdminUrl: string;
}

/** How many processes of each kind. */
export interface FleetSize {
  readonly api: number;
  readonly workers: number;
}

/** Longer than any run takes. */
const TOKEN_MS = 2 * 3_600_000;

/** Starts so many APIs and workers as their manifests say, with servers of their own, or with the Temporal at `temporalAddress`. */
export async function startProcessFleet(
  { api, workers }: FleetSize,
  temporalAddress: string | undefined,
): Promise<ProcessFleet> {
  await using started = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'order-saga-fleet-'));
  started.defer(() => rm(dataDir, { recursive: true, force: true }));
  const system = await startPrivateSystem({
    dataDir,
    settings: { ROLE: 'api', ...(temporalAddress !== undefined && { TEMPORAL_ADDRESS: temporalAddress }) },
    log: () => undefined,
  });
  started.defer(async () => void (await system.stop()));
  const running = system.running();
  if (running.databaseAdminUrl === undefined) throw new Error('The system has no database of its own.');
  const env = await buildPodEnvironment(dataDir, running);
  const pods = await startPods(env, createFileLog(join(dataDir, 'pods.log')), { api, worker: workers });
  started.defer(pods.stop);
  const token = await signToken({ sub: 'bench', roles: ['service'], expiresMs: TOKEN_MS }, running);
  const headers = { authorization: `Bearer ${token}` };
  const fleet = started.move();
  return {
    pods: pods.running(),
    api: createHttpClient({ name: 'The API', baseUrl: pods.url, headers, patienceMs: 0 }),
    running,
    databaseAdminUrl: running.databaseAdminUrl,
    [Symbol.asyncDispose]: () => fleet.disposeAsync(),
  };
}
