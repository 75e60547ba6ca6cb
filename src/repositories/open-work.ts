import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** What may be on record that no workflow knows of: by the kind of it, whether there is any. */
export interface OpenWork {
  readonly orders: boolean;
  readonly returns: boolean;
  readonly refunds: boolean;
  readonly imports: boolean;
  readonly resolutions: boolean;
  readonly reports: boolean;
}

/** Tells in one statement of which kinds there may be something to start or to tell of, so that at rest nothing else is asked. Each is read from an index of what is open. */
export async function findOpenWork(db: Db): Promise<OpenWork> {
  const { rows } = await sql<OpenWork>`
    select exists (select from orders where not workflow_started and status = 'PENDING') as orders,
      exists (select from order_returns where state = 'OPEN') as returns,
      exists (select from order_refunds where state = 'OPEN') as refunds,
      exists (select from imports where completed_at is null and not workflow_started) as imports,
      exists (select from saga_resolutions where not workflow_started) as resolutions,
      exists (select from payment_reports where not workflow_started) as reports`.execute(db);
  const [found] = rows;
  if (!found) throw new Error('a statement without a table has one row');
  return found;
}
