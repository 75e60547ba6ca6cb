import type { SagaConfig } from '../../config.ts';
import type { Logger } from '../../logger.ts';
import type { Db } from '../../repositories/schema.ts';
import type { TemporalConnection } from '../connection.ts';
import type { StartLimiter } from '../starting/start-limiter.ts';

/** What the reconciler works with. */
export interface ReconcilerDependencies {
  readonly db: Db;
  readonly temporal: TemporalConnection;
  readonly config: SagaConfig;
  readonly logger: Logger;
  readonly startLimiter: StartLimiter;
  /** Publishes what the outbox still holds; returns how many events that was. */
  readonly publishOutbox: () => Promise<number>;
}
