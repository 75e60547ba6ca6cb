import type { Import } from '../domain/import.ts';
import type { ImportDependencies } from './dependencies.ts';

/** Starts the workflow of a registered import without waiting for it. When that fails, the relay starts it within seconds. */
export function startRegisteredImport(
  { commands, logger }: Pick<ImportDependencies, 'commands' | 'logger'>,
  job: Import,
): void {
  if (job.completedAt) return;
  commands.start(job).catch((error: unknown) => {
    logger.info({ import_id: job.id, err: error }, 'import not started, left to the relay');
  });
}
