import type { SagaConfig } from '../../config.ts';
import type { Logger } from '../../logger.ts';
import { archiveOrders } from '../../repositories/archive.ts';
import { pruneRecentWriters } from '../../repositories/recent-writers.ts';
import {
  pruneAuditLog,
  pruneCommandKeys,
  pruneIdempotencyKeys,
  pruneInbox,
  prunePaymentWebhooks,
  pruneSentMessages,
  pruneStripeIntents,
  pruneStripeVoids,
  type Prune,
} from '../../repositories/retention.ts';
import type { Db } from '../../repositories/schema.ts';

/** Rows of one statement: it holds its locks for some ten milliseconds. An order has about thirty rows in all tables. */
const ROWS_AT_ONCE = 1_000;
const ORDERS_AT_ONCE = 100;

/** How long a regular pass removes rows of one table; the next pass goes on. At a pass a minute that is a million rows an hour, or fifty thousand orders. */
const TIME_LIMIT_MS = 2_000;

/** Longer than any replica may be behind and still be read. */
const WRITER_MS = 86_400_000;

/** What pruning needs. */
export interface PruneDependencies {
  readonly db: Db;
  readonly config: Pick<SagaConfig, 'retention'>;
  readonly logger: Logger;
}

/**
 * Removes what is older than it is kept, table by table, in small statements that any number of processes may run at once; archives orders. With
 * `everything` it goes on until nothing is left to remove. A table that fails is left to the next pass.
 */
export async function pruneTables(
  dependencies: PruneDependencies,
  { everything }: { everything: boolean },
): Promise<void> {
  const limitMs = everything ? Number.POSITIVE_INFINITY : TIME_LIMIT_MS;
  const { ordersMs, auditMs, idempotencyMs, webhooksMs, mailsMs } = dependencies.config.retention;
  const tables: readonly Pruning[] = [
    { table: 'orders', keepMs: ordersMs, prune: archiveOrders, limit: ORDERS_AT_ONCE },
    { table: 'audit_log', keepMs: auditMs, prune: pruneAuditLog, limit: ROWS_AT_ONCE },
    { table: 'idempotency_keys', keepMs: idempotencyMs, prune: pruneIdempotencyKeys, limit: ROWS_AT_ONCE },
    { table: 'command_keys', keepMs: idempotencyMs, prune: pruneCommandKeys, limit: ROWS_AT_ONCE },
    { table: 'recent_writers', keepMs: WRITER_MS, prune: pruneRecentWriters, limit: ROWS_AT_ONCE },
    { table: 'payment_webhooks', keepMs: webhooksMs, prune: prunePaymentWebhooks, limit: ROWS_AT_ONCE },
    { table: 'inbox', keepMs: webhooksMs, prune: pruneInbox, limit: ROWS_AT_ONCE },
    { table: 'stripe_intents', keepMs: ordersMs, prune: pruneStripeIntents, limit: ROWS_AT_ONCE },
    { table: 'stripe_voids', keepMs: ordersMs, prune: pruneStripeVoids, limit: ROWS_AT_ONCE },
    { table: 'sent_messages', keepMs: mailsMs, prune: pruneSentMessages, limit: ROWS_AT_ONCE },
  ];
  for (const pruning of tables) await pruneTable(dependencies, pruning, limitMs);
}

/** `keepMs` is `undefined` where rows are kept for good. */
interface Pruning {
  readonly table: string;
  readonly keepMs: number | undefined;
  readonly prune: Prune;
  readonly limit: number;
}

async function pruneTable(
  { db, logger }: PruneDependencies,
  { table, keepMs, prune, limit }: Pruning,
  limitMs: number,
): Promise<void> {
  if (keepMs === undefined) return;
  const deadline = performance.now() + limitMs;
  let removed = 0;
  try {
    for (let count = limit; count === limit && performance.now() < deadline; removed += count) {
      count = await prune(db, keepMs, limit);
    }
  } catch (error) {
    logger.warn({ err: error, table }, 'old rows not removed');
  }
  if (removed > 0) logger.info({ table, removed }, table === 'orders' ? 'orders archived' : 'old rows removed');
}
