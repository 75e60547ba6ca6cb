import { z } from 'zod';

/** A cost, and where its value comes from. */
export interface Cost {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

const bench = 'npm run bench -- --api 2 --workers 2';
const onPostgres = 'npm run bench -- --api 1 --workers 1 --server postgres';
const saga = 'npm run bench -- --only saga';
const listeners = 'test/events/order-changes.test.ts';
const performance = 'docs/performance.md';

/** What an order costs, on one core of the machine on which it was measured. */
export const measuredCosts = {
  apiCpuMs: { value: 3.5, unit: 'CPU ms an order', source: onPostgres },
  workerCpuMs: { value: 7.8, unit: 'CPU ms an order', source: onPostgres },
  databaseCpuMs: { value: 5, unit: 'CPU ms an order', source: onPostgres },
  engineCpuMs: { value: 12, unit: 'CPU ms an order', source: onPostgres },
  engineDatabaseCpuMs: { value: 10.4, unit: 'CPU ms an order', source: onPostgres },
  hearingCpuMs: {
    value: 0.04,
    unit: 'CPU ms for each order, in each API',
    source: `2.4 notifications (${bench}) of 16 µs`,
  },
  sendingCpuMs: {
    value: 0.045,
    unit: 'CPU ms of PostgreSQL for each order and each connection that hears of it',
    source: `2.4 notifications (${bench}) of 19 µs`,
  },
  archiveCpuMs: { value: 0.24, unit: 'CPU ms of PostgreSQL an order, once', source: 'docs/operating.md' },
  listCpuMs: { value: 1.4, unit: 'CPU ms of PostgreSQL for a page of a list', source: 'docs/decisions.md' },

  statements: { value: 4.6, unit: 'statements an order', source: onPostgres },
  rows: { value: 17, unit: 'rows an order', source: onPostgres },
  databaseBytes: { value: 6_900, unit: 'bytes an order, with indexes', source: onPostgres },
  walBytes: { value: 15_300, unit: 'bytes of write-ahead log an order', source: onPostgres },
  historyEvents: { value: 6, unit: 'events an order', source: performance },
  historyBytes: { value: 2_610, unit: 'bytes of history an order', source: performance },
  engineDatabaseBytes: {
    value: 37_000,
    unit: "bytes an order in Temporal's databases, before vacuum",
    source: 'PostgreSQL, in the same run',
  },
  engineWalBytes: {
    value: 61_000,
    unit: "bytes of write-ahead log an order in Temporal's databases",
    source: 'PostgreSQL, in the same run',
  },
  stateTransitions: { value: 3, unit: 'state transitions of an order that does not start eagerly', source: saga },
  tasks: { value: 1, unit: 'tasks an order that go through a task queue', source: `${performance}: 6 events` },

  apiIdleStatements: { value: 4, unit: 'statements a second of an API that has nothing to do', source: bench },
  workerIdleStatements: { value: 11, unit: 'statements a second of a worker that has nothing to do', source: bench },
  apiMb: { value: 320, unit: 'MB of an API', source: bench },
  workerMb: { value: 249, unit: 'MB of a worker without orders', source: 'docs/deploying.md' },
  cachedOrderMb: { value: 0.27, unit: 'MB for each order in the cache of a worker', source: 'docs/deploying.md' },
  acceptsPerApi: { value: 1_500, unit: 'orders a second that an API accepts', source: 'npm run bench -- --only posts' },

  cachedOrders: { value: 1_000, unit: 'orders in the cache of a worker', source: 'WORKFLOW_CACHE_SIZE' },
  connections: {
    value: 18,
    unit: 'connections of a process at most',
    source: 'DATABASE_POOL_MAX and those that listen',
  },
  apiListeners: { value: 1, unit: 'connections of an API that hear of every order', source: listeners },

  utilisation: { value: 0.6, unit: 'of each core is used, the rest is headroom', source: 'assumed' },
  meanShare: { value: 0.25, unit: 'of the peak is the mean of a month', source: 'assumed' },
  listsPerOrder: { value: 5, unit: 'pages of lists read for each order', source: 'assumed' },
  databaseCores: { value: 64, unit: 'cores of one PostgreSQL', source: 'assumed' },
  databaseWalMb: {
    value: 250,
    unit: 'MB a second of write-ahead log that one PostgreSQL writes and sends',
    source: 'assumed',
  },
  shardTransitionMs: {
    value: 5,
    unit: 'ms for which a state transition holds its shard: a commit',
    source: 'assumed',
  },
  shardUtilisation: { value: 0.2, unit: 'of the time a shard is held', source: 'assumed' },
  shardGrowth: {
    value: 4,
    unit: 'times today’s rate that the shards must last for: they can’t be changed',
    source: 'assumed',
  },
  partitionTasks: { value: 500, unit: 'tasks a second of a partition of a task queue', source: 'assumed' },
  retentionDays: {
    value: 60,
    unit: 'days that a workflow is open or kept',
    source: 'assumed: 30 days open, and TEMPORAL_RETENTION',
  },
} as const satisfies Readonly<Record<string, Cost>>;

type CostName = keyof typeof measuredCosts;

/** The values of all costs by name. */
export type Costs = Readonly<Record<CostName, number>>;

const names = Object.keys(measuredCosts) as CostName[];
const overrides = z.partialRecord(z.enum(names), z.number().positive().finite());

/** Builds the costs to calculate with: the measured ones, or those given instead; throws a `ZodError` for a name or value that makes no sense. */
export function buildCosts(given: unknown = {}): Costs {
  const measured = Object.fromEntries(names.map((name) => [name, measuredCosts[name].value])) as Costs;
  return { ...measured, ...overrides.parse(given) };
}
