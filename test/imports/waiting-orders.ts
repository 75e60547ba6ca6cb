import { sql } from 'kysely';
import type { Db } from '../../src/repositories/schema.ts';

/** Writes an import whose orders wait to be taken in, as an upload does. */
export async function insertWaitingOrders(db: Db, importId: string, references: readonly string[]): Promise<void> {
  await sql`
    insert into imports (id, kind, status, subject, roles, actor)
    values (${importId}, 'csv', 'RUNNING', 'shop', '{service}', 'service:shop')`.execute(db);
  await sql`
    insert into import_orders (import_id, position, reference, first_line, line_count)
    select ${importId}, n - 1, reference, 2, 1 from unnest(${references}::text[]) with ordinality as given (reference, n)`.execute(
    db,
  );
}
