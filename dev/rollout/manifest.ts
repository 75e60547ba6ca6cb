import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A process as its manifest wants it run. */
export interface Workload {
  /** Its entry file, relative to the repository's root and without extension. */
  readonly main: string;
  /** The settings that the manifest itself gives it. */
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to stop before it is killed. */
  readonly graceMs: number;
  /** Where it tells that it is ready. */
  readonly readyPath: string;
  /** How long a new one has to be ready before an old one goes. */
  readonly settleMs: number;
}

const deployment = z.object({
  spec: z.object({
    minReadySeconds: z.number(),
    template: z.object({
      spec: z.object({
        terminationGracePeriodSeconds: z.number(),
        containers: z.tuple([
          z.object({
            command: z.tuple([z.literal('node'), z.string()]),
            env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
            readinessProbe: z.object({ httpGet: z.object({ path: z.string() }) }),
          }),
        ]),
      }),
    }),
  }),
});

const manifests = { api: 'base/api.yaml', worker: 'worker/worker.yaml' };

/** Reads how the base manifest of API or worker runs it. Throws when the manifest is another than this expects. */
export function readWorkload(component: 'api' | 'worker'): Workload {
  const file = join(import.meta.dirname, '../../deploy/kubernetes', manifests[component]);
  const { spec } = deployment.parse(parse(readFileSync(file, 'utf8')));
  const pod = spec.template.spec;
  const [container] = pod.containers;
  return {
    main: container.command[1].replace(/^dist\//, '').replace(/\.js$/, ''),
    env: Object.fromEntries(container.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    graceMs: pod.terminationGracePeriodSeconds * 1_000,
    readyPath: container.readinessProbe.httpGet.path,
    settleMs: spec.minReadySeconds * 1_000,
  };
}
