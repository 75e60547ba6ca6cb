import { setTimeout as delay } from 'node:timers/promises';
import type { LogLine } from '../local/server-process.ts';
import { readWorkload } from './manifest.ts';
import { startPod, type Pod, type StoppedPod } from './pod.ts';
import { startProxy } from './proxy.ts';

/** APIs behind a proxy, and workers. */
export interface Pods {
  /** The address of the proxy. */
  readonly url: string;
  /** What runs now. */
  readonly running: () => readonly Pod[];
  /** Replaces one after the other; resolves with how each that was replaced came to its end. */
  readonly replaceAll: (kind: Kind) => Promise<StoppedPod[]>;
  readonly stop: () => Promise<void>;
}

const kinds = ['api', 'worker'] as const;
type Kind = (typeof kinds)[number];

/** Two of each, as many as can be replaced one after the other without a gap. */
const REPLICAS: Readonly<Record<Kind, number>> = { api: 2, worker: 2 };

/** How long after SIGTERM the proxy still sends requests to a process: proxies hear of it no sooner. */
const PROPAGATION_MS = 2_000;

/** Starts so many of each as their manifests say, with `env` beside it. */
export async function startPods(env: NodeJS.ProcessEnv, log: LogLine, replicas = REPLICAS): Promise<Pods> {
  const workloads = { api: readWorkload('api'), worker: readWorkload('worker') };
  const proxy = await startProxy();
  const pods: Record<Kind, Pod[]> = { api: [], worker: [] };
  const start = async (kind: Kind, name: string) => {
    const pod = await startPod(name, workloads[kind], env, (line) => log(`${name} ${line}`));
    if (kind === 'api') proxy.add(pod.url);
    pods[kind].push(pod);
  };
  const replace = async (kind: Kind, old: Pod) => {
    await start(kind, `${old.name}-next`);
    await delay(workloads[kind].settleMs);
    const end = old.stop();
    pods[kind] = pods[kind].filter((pod) => pod !== old);
    setTimeout(() => {
      proxy.remove(old.url);
    }, PROPAGATION_MS);
    return await end;
  };
  for (const kind of kinds) {
    for (let index = 1; index <= replicas[kind]; index += 1) await start(kind, `${kind}-${index}`);
  }
  return {
    url: proxy.url,
    running: () => [...pods.api, ...pods.worker],
    replaceAll: async (kind) => {
      const stopped: StoppedPod[] = [];
      for (const old of pods[kind].slice()) stopped.push(await replace(kind, old));
      return stopped;
    },
    stop: async () => {
      await Promise.all([...pods.api, ...pods.worker].map((pod) => pod.stop()));
      proxy.close();
    },
  };
}
