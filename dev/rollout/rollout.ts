import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readUsage, type Usage } from '../../bench/processes.ts';
import type { RunningSystem } from '../../src/cli/local-system/running-system.ts';
import { signToken } from '../../src/cli/local-system/sign-token.ts';
import { createOrdersClient } from '../../src/client/create-client.ts';
import { createFileLog } from '../local/console.ts';
import { startPrivateSystem } from '../local/private-system.ts';
import { buildWorkerEnvironment } from '../local/start-worker.ts';
import { addWorkflowBundle } from '../local/workflow-bundle.ts';
import { startLoad, type Load, type Observations } from './load.ts';
import type { StoppedPod } from './pod.ts';
import { startPods } from './pods.ts';

/** What came of a rolling restart. */
export interface RolloutResult {
  readonly seen: Observations;
  readonly stopped: readonly StoppedPod[];
  /** How long each order took from its acceptance to its confirmation; `undefined` for one that was not confirmed. */
  readonly confirmedAfterMs: readonly (number | undefined)[];
  /** The events that came to each follower, the last of which says that its order has shipped. */
  readonly followed: readonly (readonly string[])[];
  /** What each process of the first generation used while the load ran. */
  readonly usage: Readonly<Record<string, Usage>>;
}

/** How long the load runs before the first restart and after the last. */
const MARGIN_MS = 3_000;

/** Orders that are followed from before the restart until after it. */
const FOLLOWED = 6;

/** Longer than any run takes. */
const TOKEN_MS = 3_600_000;

/** Replaces every API and worker of a system of its own, one after the other, while orders are placed and followed. Its data and logs are in `dataDir`. */
export async function runRollout(dataDir: string, say: (line: string) => void): Promise<RolloutResult> {
  const system = await startPrivateSystem({
    dataDir,
    settings: { ROLE: 'api', LOG_FORMAT: 'json' },
    log: createFileLog(join(dataDir, 'system.log')),
  });
  try {
    return await restartAll(dataDir, system.running(), say);
  } finally {
    await system.stop();
  }
}

async function restartAll(
  dataDir: string,
  running: RunningSystem,
  say: (line: string) => void,
): Promise<RolloutResult> {
  const pods = await startPods(await buildPodEnvironment(dataDir, running), createFileLog(join(dataDir, 'pods.log')));
  try {
    const first = pods.running();
    say(`${first.length} processes run behind ${pods.url}`);
    const token = await signToken({ sub: 'rollout', roles: ['admin'], expiresMs: TOKEN_MS }, running);
    const load = startLoad(pods.url, token);
    const followers = await startFollowers(load);
    await delay(MARGIN_MS);
    const usage = await readUsage(Object.fromEntries(first.map(({ name, pid }) => [name, pid])));

    const stopped = (await Promise.all([pods.replaceAll('api'), pods.replaceAll('worker')])).flat();
    for (const { name, tookMs } of stopped)
      say(`${name} was replaced, and ended ${Math.round(tookMs)} ms after SIGTERM`);

    await delay(MARGIN_MS);
    const followed = await followers.shipAll();
    await load.stop();
    const confirmedAfterMs = await readConfirmations(pods.url, token, load.seen.placed);
    return { seen: load.seen, stopped, confirmedAfterMs, followed, usage };
  } finally {
    await pods.stop();
  }
}

/** Builds what a Secret and a ConfigMap would hold for the `running` system; the workflows' bundle is written into `dataDir`. */
export async function buildPodEnvironment(dataDir: string, running: RunningSystem): Promise<NodeJS.ProcessEnv> {
  const { PATH, HOME, XDG_CACHE_HOME, TMPDIR } = process.env;
  const auth = { JWT_SECRET: running.jwtSecret, JWT_ISSUER: running.jwtIssuer, JWT_AUDIENCE: running.jwtAudience };
  const env = buildWorkerEnvironment(running, { PATH, HOME, XDG_CACHE_HOME, TMPDIR, ...auth, RATE_LIMIT: '0' });
  return await addWorkflowBundle(env, dataDir, () => undefined);
}

/** Follows the first orders; `shipAll` ships them and resolves with what each follower got. */
async function startFollowers({ seen, follow, ship }: Load) {
  while (seen.placed.length < FOLLOWED) await delay(50);
  const ids = seen.placed.slice(0, FOLLOWED);
  const following = ids.map((id) => follow(id));
  return {
    shipAll: async () => {
      for (const id of ids) await ship(id);
      return await Promise.all(following);
    },
  };
}

/** An order that is not confirmed by then is lost. */
const CONFIRMATION_LIMIT_MS = 15_000;

async function readConfirmations(url: string, token: string, ids: readonly string[]) {
  const client = createOrdersClient(url, { token });
  const deadlineMs = Date.now() + CONFIRMATION_LIMIT_MS;
  const read = async (id: string): Promise<number | undefined> => {
    for (;;) {
      const { confirmed_at: confirmed, created_at: created } = await client.getOrder({ id });
      if (typeof confirmed === 'string') return Date.parse(confirmed) - Date.parse(created);
      if (Date.now() > deadlineMs) return undefined;
      await delay(250);
    }
  };
  const result: (number | undefined)[] = [];
  for (const id of ids) result.push(await read(id));
  return result;
}
