import { randomUUID } from 'node:crypto';
import type { SagaConfig } from '../../config.ts';
import { exchangeStartFigures, tellAwaitedStart } from '../../repositories/start-figures.ts';
import type { Db } from '../../repositories/schema.ts';
import { processClock } from './clock.ts';
import { createStartLimiter, type OrderHints, type StartLimiter } from './start-limiter.ts';

/** The start limiter of this process, which shares its figures with the other processes on the database. */
export function limitStarts(db: Db, config: SagaConfig, changes: OrderHints): StartLimiter {
  const process = randomUUID();
  let before = performance.eventLoopUtilization();
  return createStartLimiter({
    settings: config.starts,
    clock: processClock,
    changes,
    shared: {
      exchange: (own) => exchangeStartFigures(db, process, own),
      tellAwaited: () => tellAwaitedStart(db, process),
    },
    busyShare: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
  });
}
