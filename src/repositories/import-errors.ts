import { sql } from 'kysely';
import type { ImportFailure, ImportLine, ImportOrderState } from '../domain/import.ts';
import type { Db } from './schema.ts';

/** An order of an import that failed or was cancelled, and where it stands in the file. */
export interface FailedImportOrder {
  readonly position: number;
  readonly reference: string;
  /** Null for an order of a batch. */
  readonly firstLine: number | null;
  readonly state: ImportOrderState;
  readonly orderId: string | null;
  readonly failure: ImportFailure | null;
  readonly body: unknown;
}

/** A page of failed and cancelled orders, and of those that the file says something else of, after position `after`, in the order of their positions. */
export async function findFailedImportOrders(
  db: Db,
  importId: string,
  after: number,
  limit: number,
): Promise<FailedImportOrder[]> {
  return db
    .selectFrom('import_orders')
    .select(['position', 'reference', 'first_line as firstLine', 'state', 'order_id as orderId', 'failure', 'body'])
    .where('import_id', '=', importId)
    .where('position', '>', after)
    .where((order) => order.or([order('state', 'in', ['FAILED', 'CANCELLED']), order('failure', 'is not', null)]))
    .orderBy('position')
    .limit(limit)
    .execute();
}

/** A page of one order's lines, from the one after line `after`. */
export async function findLinesAfter(
  db: Db,
  importId: string,
  { reference, after, limit }: { reference: string; after: number; limit: number },
): Promise<ImportLine[]> {
  return db
    .selectFrom('import_rows')
    .select(['line', 'cells'])
    .where('import_id', '=', importId)
    .where('reference', '=', reference)
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit)
    .execute();
}

/** The first lines of several orders, at most `perOrder` of each; a line without a reference is an order of its own. */
export async function findLinesOf(
  db: Db,
  importId: string,
  orders: readonly Pick<FailedImportOrder, 'position' | 'reference' | 'firstLine'>[],
  perOrder: number,
): Promise<(ImportLine & { position: number })[]> {
  const { rows } = await sql<ImportLine & { position: number }>`
    select wanted.position, r.line, r.cells
    from jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) as wanted(position integer, reference text, "firstLine" integer),
      lateral (
        select line, cells from import_rows
        where import_id = ${importId}::uuid and reference = wanted.reference
          and (wanted.reference <> '' or line = wanted."firstLine")
        order by line limit ${perOrder}
      ) as r
    order by wanted.position, r.line`.execute(db);
  return rows;
}
