import type { Database } from '../repositories/database.ts';
import type { StartLimiter } from '../temporal/starting/start-limiter.ts';
import type { MetricsRegistry } from './create-registry.ts';
import { metricDefinitions } from './definitions.ts';

/** The parts of a process that have figures of their own. */
export interface ProcessParts {
  readonly database: Database;
  readonly startLimiter: Pick<StartLimiter, 'count'>;
  /** The names of the sinks that are configured. */
  readonly sinks: readonly string[];
}

/** Sets the figures of this process as they are at the moment. */
export function setProcessFigures(
  { gauges, setCounter }: MetricsRegistry,
  { database, startLimiter }: ProcessParts,
): void {
  const starts = startLimiter.count();
  gauges.set('saga_starts_in_flight', {}, starts.inFlight);
  gauges.set('saga_starts_limit', {}, starts.limit);
  gauges.set('saga_starts_waiting', {}, starts.waiting);
  const { pool } = database;
  const { totalCount, idleCount, waitingCount } = pool;
  gauges.set('database_pool_connections', { state: 'idle' }, idleCount);
  gauges.set('database_pool_connections', { state: 'busy' }, totalCount - idleCount);
  gauges.set('database_pool_connections', { state: 'waiting' }, waitingCount);
  gauges.set('database_pool_max', {}, pool.options.max);
  setCounter('database_statements_total', {}, database.statements());
  const errors = database.connectionErrors();
  for (const reason of metricDefinitions.database_connection_errors_total.labels.reason) {
    setCounter('database_connection_errors_total', { reason }, errors[reason]);
  }
}
