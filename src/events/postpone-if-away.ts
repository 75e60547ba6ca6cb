import type { Logger } from '../logger.ts';
import { postponeSink } from '../repositories/event-sinks.ts';
import type { Db } from '../repositories/schema.ts';
import { SinkAwayError } from './lazy-sink.ts';

/** Runs `deliver`, and returns whether there is more to deliver at once: not if the sink is away, which is noted, and logged once. Rejects when the database is. */
export async function postponeIfAway(db: Db, logger: Logger, deliver: () => Promise<boolean>): Promise<boolean> {
  try {
    return await deliver();
  } catch (error) {
    if (!(error instanceof SinkAwayError)) throw error;
    const attempts = await postponeSink(db, error.sink, error.reason);
    const told = { reason: error.reason, sink: error.sink };
    if (attempts === 1)
      logger.warn(told, 'events not delivered: the sink is away, and is tried again until it is back');
    else logger.debug(told, 'the sink is still away');
    return false;
  }
}
