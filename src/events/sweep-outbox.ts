import type { Logger } from '../logger.ts';
import { forgetUnusedSinks } from '../repositories/event-sinks.ts';
import { deletePublished } from '../repositories/outbox.ts';
import type { Db } from '../repositories/schema.ts';

/** Rows looked at in one statement of a sweep, so that it holds locks only briefly. */
const SWEEP_BATCH = 1_000;

/** A sink that is configured is noted every few seconds while anything publishes, so that one that was not for this long is not configured. */
const LEAST_UNUSED_MS = 3_600_000;

/**
 * Deletes what every sink has and what is past its retention. A sink that no process was configured with for as long is forgotten: it holds back
 * the retention of others no longer. Never rejects.
 */
export async function sweepOutbox(db: Db, retentionMs: number, logger: Logger): Promise<void> {
  try {
    const forgotten = await forgetUnusedSinks(db, Math.max(retentionMs, LEAST_UNUSED_MS));
    const sinks = forgotten.map(({ name }) => name);
    if (sinks.length > 0) logger.warn({ sinks }, 'sinks that are no longer configured are forgotten');
    for (let after: number | undefined = 0; after !== undefined;) {
      ({ last: after } = await deletePublished(db, retentionMs, { after, limit: SWEEP_BATCH }));
    }
  } catch (error) {
    logger.warn({ err: error }, 'old events not deleted');
  }
}
