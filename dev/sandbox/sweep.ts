import type { Logger } from '../../src/logger.ts';
import { isUnavailable, run } from './database.ts';
import type { Pool } from './database.ts';

/** Limits how many products one statement locks; the next statement follows at once. */
const BATCH = 200;

/**
 * Releases up to $1 expired holds; returns how many. Like every statement on reservations it locks products before
 * reservations: SKIP LOCKED on reservations would lock them first, and deadlock with a commit.
 */
const expire = {
  name: 'sandbox-expire',
  text: `
  WITH due AS MATERIALIZED (
    SELECT order_id, version, items FROM sandbox.reservations
    WHERE status = 'HELD' AND expires_at <= now() ORDER BY expires_at LIMIT $1
  ),
  locked AS MATERIALIZED (
    SELECT p.sku FROM sandbox.products p
    WHERE p.sku IN (SELECT i.sku FROM due, jsonb_to_recordset(due.items) AS i(sku text))
    ORDER BY p.sku FOR UPDATE OF p
  ),
  expired AS (
    UPDATE sandbox.reservations r SET status = 'EXPIRED', version = r.version + 1
    FROM due WHERE r.order_id = due.order_id AND r.version = due.version AND (SELECT count(*) FROM locked) >= 0
    RETURNING r.items
  ),
  sums AS (
    SELECT i.sku, sum(i.quantity)::bigint AS quantity
    FROM expired, jsonb_to_recordset(expired.items) AS i(sku text, quantity bigint) GROUP BY i.sku
  ),
  returned AS (
    UPDATE sandbox.products p SET reserved = p.reserved - s.quantity FROM sums s WHERE p.sku = s.sku
  )
  SELECT count(*) AS expired FROM expired`,
};

/** Releases expired holds every `intervalMs`; the returned function stops that and waits for a running sweep. */
export function startSweep(db: Pool, logger: Logger, intervalMs: number): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= sweep(db, logger).finally(() => (running = undefined));
  }, intervalMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function sweep(db: Pool, logger: Logger): Promise<void> {
  try {
    for (;;) {
      // Each batch takes what the previous one left.
      // oxlint-disable-next-line no-await-in-loop
      const [row] = await run<{ expired: number }>(db, expire, [BATCH]);
      if ((row?.expired ?? 0) < BATCH) return;
    }
  } catch (error) {
    if (isUnavailable(error)) logger.debug({ err: error }, 'sweep of expired holds waits for the database');
    else logger.error({ err: error }, 'sweep of expired holds failed');
  }
}
