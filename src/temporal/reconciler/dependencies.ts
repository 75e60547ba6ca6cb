import type { SagaConfig } from '../../config.ts';
import type { Logger } from '../../logger.ts';
import type { Db } from '../../repositories/schema.ts';
import type { Engine } from '../connection.ts';
import type { SagaPace } from '../saga-pace.ts';

/** What the reconciler works with. */
export interface ReconcilerDependencies {
  readonly db: Db;
  readonly engine: Engine;
  readonly config: SagaConfig;
  readonly logger: Logger;
  readonly pace: SagaPace;
  /** Publishes what the outbox still holds; returns how many events that was. */
  readonly publishOutbox: () => Promise<number>;
}
