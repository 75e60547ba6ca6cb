import type { Import } from '../domain/import.ts';
import { loggable } from '../logger.ts';
import type { ImportDependencies } from './dependencies.ts';

/** Starts an import's workflow. Not awaited, and its failure does not matter: the relay starts what is not started here. */
export function startRegisteredImport(
  { commands, logger }: Pick<ImportDependencies, 'commands' | 'logger'>,
  job: Import,
): void {
  if (job.completedAt) return;
  commands.start(job).catch((error: unknown) => {
    logger.info({ import_id: job.id, err: loggable(error) }, 'import not started, left to the relay');
  });
}
