import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import type { ImportCommands } from '../temporal/import-client.ts';

/** What the use cases of imports work with; each takes the part that it needs. */
export interface ImportDependencies {
  readonly db: Db;
  readonly commands: ImportCommands;
  readonly logger: Logger;
  /** How long a caller waits for the outcome of a command. */
  readonly waitMs: number;
}
