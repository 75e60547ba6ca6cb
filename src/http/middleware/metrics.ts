import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Database } from '../../repositories/database.ts';

/** The metrics that `/metrics` serves. */
export interface Metrics {
  readonly observe: (method: string, route: string, status: number, seconds: number) => void;
  readonly render: () => Promise<string>;
  readonly contentType: string;
}

/** Metrics of one API: the process, requests by route and status, statements sent to the database. */
export function createMetrics(database: Pick<Database, 'statements'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request, by route and status.',
    labelNames: ['method', 'route', 'status'],
    // From a read of a millisecond to the longest time that a client may ask to wait.
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  registry.registerMetric(
    new Counter({
      name: 'database_statements_total',
      help: 'SQL statements sent to the database.',
      registers: [],
      collect() {
        this.reset();
        this.inc(database.statements());
      },
    }),
  );
  return {
    observe: (method, route, status, seconds) => {
      duration.observe({ method, route, status }, seconds);
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
