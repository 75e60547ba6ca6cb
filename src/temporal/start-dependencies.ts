import type { SagaConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import type { TemporalConnection } from './connection.ts';

/** What starts and resumes workflows in the background. */
export interface StartDependencies {
  readonly db: Db;
  readonly temporal: TemporalConnection;
  readonly config: SagaConfig;
  readonly logger: Logger;
}
