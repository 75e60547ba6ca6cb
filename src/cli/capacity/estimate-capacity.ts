import type { Costs } from './measured-costs.ts';

/** Processes of one kind in one installation. */
export interface Processes {
  readonly processes: number;
  readonly memoryGb: number;
}

/** What one installation needs: a database, a Temporal, APIs and workers of its own. */
export interface Installation {
  readonly ordersPerSecond: number;
  readonly apis: Processes;
  readonly workers: Processes;
  /** The share of an API's time that hearing of all orders takes. */
  readonly hearingShare: number;
  readonly engineCores: number;
  /** Events that Temporal writes a second, and their bytes in MB. */
  readonly historyEventsPerSecond: number;
  readonly historyMb: number;
  readonly historyShards: number;
  readonly taskQueuePartitions: number;
  readonly engineDatabaseCores: number;
  readonly engineDatabaseWalMb: number;
  readonly databaseCores: number;
  readonly databaseWalMb: number;
  readonly statementsPerSecond: number;
  /** Of those, the ones of processes that only look whether there is something to do. */
  readonly idleStatementsPerSecond: number;
  readonly connections: number;
  /** Connections that hear of every order. */
  readonly listeners: number;
  /** Hints that PostgreSQL delivers a second: each order to each connection that listens. */
  readonly hintsPerSecond: number;
  readonly readReplicas: number;
}

/** What a rate of orders needs, as equal installations, and what they keep together. */
export interface Capacity {
  readonly ordersPerSecond: number;
  readonly installations: number;
  readonly each: Installation;
  readonly monthly: Growth;
  /** Temporal's databases, which keep an order for as long as it is open and then for the retention. */
  readonly engineTb: number;
}

/** What a month adds to the databases of all installations. */
export interface Growth {
  readonly orders: number;
  readonly rows: number;
  readonly tb: number;
}

const SECONDS_A_DAY = 86_400;
const DAYS_A_MONTH = 30;
const BYTES_A_TB = 1e12;
/** One of each may fail or be replaced. */
const LEAST_PROCESSES = 2;
/** The default of Temporal's task queues. */
const LEAST_PARTITIONS = 4;
/** Nobody runs more. It ends the search when the costs are such that nothing fits. */
const MOST_INSTALLATIONS = 10_000;

/**
 * Estimates what so many orders a second need: the fewest equal installations each of whose databases fits on one server. Throws a
 * `RangeError` when no number of installations is enough.
 */
export function estimateCapacity(ordersPerSecond: number, costs: Costs): Capacity {
  for (let installations = 1; installations <= MOST_INSTALLATIONS; installations += 1) {
    const each = estimateInstallation(ordersPerSecond / installations, costs);
    if (each === undefined || !fits(each, costs)) continue;
    const ordersPerDay = ordersPerSecond * costs.meanShare * SECONDS_A_DAY;
    const orders = ordersPerDay * DAYS_A_MONTH;
    return {
      ordersPerSecond,
      installations,
      each,
      monthly: { orders, rows: orders * costs.rows, tb: (orders * costs.databaseBytes) / BYTES_A_TB },
      engineTb: (ordersPerDay * costs.retentionDays * costs.engineDatabaseBytes) / BYTES_A_TB,
    };
  }
  throw new RangeError(`With these costs ${MOST_INSTALLATIONS} installations are not enough.`);
}

/** Estimates one installation; `undefined` when its APIs would do nothing but hear of one another's orders. */
export function estimateInstallation(ordersPerSecond: number, costs: Costs): Installation | undefined {
  const { utilisation } = costs;
  const toCores = (cpuMs: number) => (ordersPerSecond * cpuMs) / 1_000 / utilisation;
  const hearingShare = (ordersPerSecond * costs.hearingCpuMs) / 1_000;
  if (hearingShare >= utilisation) return undefined;
  const countProcesses = (cpuMs: number, shareForOrders: number) =>
    Math.max(LEAST_PROCESSES, Math.ceil((ordersPerSecond * cpuMs) / 1_000 / shareForOrders));
  const apis = countProcesses(costs.apiCpuMs, utilisation - hearingShare);
  const workers = countProcesses(costs.workerCpuMs, utilisation);
  const listeners = apis * costs.apiListeners;
  const workerMb = costs.workerMb + costs.cachedOrders * costs.cachedOrderMb;
  const idleStatementsPerSecond = apis * costs.apiIdleStatements + workers * costs.workerIdleStatements;
  return {
    ordersPerSecond,
    apis: { processes: apis, memoryGb: (apis * costs.apiMb) / 1_000 },
    workers: { processes: workers, memoryGb: (workers * workerMb) / 1_000 },
    hearingShare,
    engineCores: Math.ceil(toCores(costs.engineCpuMs)),
    historyEventsPerSecond: ordersPerSecond * costs.historyEvents,
    historyMb: (ordersPerSecond * costs.historyBytes) / 1e6,
    historyShards: countShards(ordersPerSecond, costs),
    taskQueuePartitions: Math.max(
      LEAST_PARTITIONS,
      Math.ceil((ordersPerSecond * costs.tasks) / costs.partitionTasks / utilisation),
    ),
    engineDatabaseCores: Math.ceil(toCores(costs.engineDatabaseCpuMs)),
    engineDatabaseWalMb: (ordersPerSecond * costs.engineWalBytes) / 1e6,
    databaseCores: Math.ceil(toCores(costs.databaseCpuMs + costs.archiveCpuMs + listeners * costs.sendingCpuMs)),
    databaseWalMb: (ordersPerSecond * costs.walBytes) / 1e6,
    statementsPerSecond: ordersPerSecond * costs.statements + idleStatementsPerSecond,
    idleStatementsPerSecond,
    connections: (apis + workers) * costs.connections,
    listeners,
    hintsPerSecond: ordersPerSecond * listeners,
    readReplicas: Math.ceil(toCores(costs.listsPerOrder * costs.listCpuMs) / costs.databaseCores),
  };
}

/** A shard takes one state transition at a time; their number is a power of two, as Temporal's documentation advises. */
function countShards(ordersPerSecond: number, costs: Costs): number {
  const busyShards = (ordersPerSecond * costs.stateTransitions * costs.shardTransitionMs) / 1_000;
  return 2 ** Math.ceil(Math.log2(Math.max(1, (busyShards / costs.shardUtilisation) * costs.shardGrowth)));
}

function fits(each: Installation, { databaseCores, databaseWalMb }: Costs): boolean {
  return (
    each.databaseCores <= databaseCores &&
    each.engineDatabaseCores <= databaseCores &&
    each.databaseWalMb <= databaseWalMb &&
    each.engineDatabaseWalMb <= databaseWalMb
  );
}
