import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** How long a saga may take to hear of a return or refund before the relay tells it again. */
const UNTOLD = sql.lit('5 seconds');

/** A return or refund on record of which its saga may not have been told, and who asked for it and why. */
export interface Untold {
  readonly id: string;
  readonly orderId: string;
  readonly actor: string;
  readonly reason: string;
}

/** Returns or refunds that are open and whose saga has not been told for a while, at most `limit`, claimed for the caller. */
export async function claimUntold(db: Db, table: 'order_returns' | 'order_refunds', limit: number): Promise<Untold[]> {
  const { rows } = await sql<Untold>`
    update ${sql.table(table)} set told_at = now()
    where id in (
      select id from ${sql.table(table)}
      where state = 'OPEN' and coalesce(told_at, created_at) < now() - interval ${UNTOLD}
      order by created_at limit ${limit} for update skip locked)
    returning id, order_id as "orderId", actor, reason`.execute(db);
  return rows;
}
