import type { Pool } from 'pg';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import type { ImportCommands } from '../temporal/import-client.ts';

/** What the use cases of imports work with; each takes the part that it needs. */
export interface ImportDependencies {
  readonly db: Db;
  /** The connections of `db`, for the one statement that may take longer than others. */
  readonly pool: Pool;
  readonly commands: ImportCommands;
  readonly logger: Logger;
  /** Runs a write of an upload; limits how many run at once, so that uploads leave connections to orders. */
  readonly write: <T>(work: () => Promise<T>) => Promise<T>;
  /** How long a caller waits for the outcome of a command. */
  readonly waitMs: number;
}
