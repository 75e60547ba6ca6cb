import type { temporal as api } from '@temporalio/proto';
import type { SagaConfig } from '../config.ts';
import { callWithin, requireConnection, START_DEADLINE_MS, toUnavailableError } from './call-temporal.ts';
import type { TemporalConnection, TemporalConnector } from './connection.ts';

/** A worker that has asked Temporal for tasks within the last minutes. */
export interface WorkerView {
  /** Its process id and host, unless it was given a name. */
  readonly identity: string;
  /** The version of its code; null for one without a build id. */
  readonly buildId: string | null;
  /** Which tasks it takes. */
  readonly takes: readonly ('workflows' | 'activities')[];
  readonly lastAskedAt: Date;
}

/** The workers of the task queue, what waits for them, and which version new orders start on. */
export interface WorkersView {
  readonly taskQueue: string;
  readonly workers: readonly WorkerView[];
  /** About how many tasks wait, and how long the oldest of them has waited. */
  readonly backlog: { readonly tasks: number; readonly oldestMs: number };
  /** The build id that new orders start on; null while no version is current. */
  readonly currentBuildId: string | null;
  /** The build id that is being rolled out, to that share of the new orders, in percent. */
  readonly ramping: { readonly buildId: string; readonly percent: number } | null;
}

/** Asks Temporal for the workers of our task queue. Rejects with `TemporalUnavailableError`. */
export async function describeWorkers(connector: TemporalConnector, config: SagaConfig): Promise<WorkersView> {
  const temporal = requireConnection(connector);
  const { taskQueue } = config.temporal;
  try {
    const [ofWorkflows, ofActivities] = await callWithin(temporal, START_DEADLINE_MS, () =>
      Promise.all([describeQueue(temporal, taskQueue, WORKFLOWS), describeQueue(temporal, taskQueue, ACTIVITIES)]),
    );
    const stats = [ofWorkflows.stats, ofActivities.stats];
    const {
      currentDeploymentVersion: current,
      rampingDeploymentVersion: ramping,
      rampingVersionPercentage: percent,
    } = ofWorkflows.versioningInfo ?? {};
    return {
      taskQueue,
      workers: mergePollers({ workflows: ofWorkflows.pollers, activities: ofActivities.pollers }),
      backlog: {
        tasks: stats.reduce((sum, one) => sum + Number(one?.approximateBacklogCount ?? 0), 0),
        oldestMs: Math.max(...stats.map((one) => Number(one?.approximateBacklogAge?.seconds ?? 0) * 1_000)),
      },
      currentBuildId: current?.buildId ?? null,
      ramping: ramping?.buildId ? { buildId: ramping.buildId, percent: percent ?? 0 } : null,
    };
  } catch (error) {
    throw toUnavailableError(error);
  }
}

/** As Temporal's protocol numbers them; its package has no names that a module can import. */
const WORKFLOWS = 1;
const ACTIVITIES = 2;

async function describeQueue(
  { connection, namespace }: TemporalConnection,
  name: string,
  taskQueueType: typeof WORKFLOWS | typeof ACTIVITIES,
) {
  return await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the enum has no value that a module can import
    taskQueueType,
    reportStats: true,
  });
}

type Pollers = readonly api.api.taskqueue.v1.IPollerInfo[];

/** A worker asks for both kinds of tasks under one identity. */
function mergePollers(pollers: Readonly<Record<'workflows' | 'activities', Pollers>>): WorkerView[] {
  const merged = new Map<string, WorkerView>();
  for (const kind of ['workflows', 'activities'] as const) {
    for (const { identity, lastAccessTime, deploymentOptions } of pollers[kind]) {
      const name = identity ?? '';
      const askedMs = Number(lastAccessTime?.seconds ?? 0) * 1_000;
      const known = merged.get(name);
      merged.set(name, {
        identity: name,
        buildId: deploymentOptions?.buildId || known?.buildId || null,
        takes: known?.takes.includes(kind) ? known.takes : [...(known?.takes ?? []), kind],
        lastAskedAt: new Date(Math.max(askedMs, known?.lastAskedAt.getTime() ?? 0)),
      });
    }
  }
  return [...merged.values()].toSorted((a, b) => a.identity.localeCompare(b.identity));
}
