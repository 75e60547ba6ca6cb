import { sql } from 'kysely';
import { batchCalls } from '../batch-calls.ts';
import { TOO_MANY_DECLINES, type DeclineLimits, type ExhaustingDeclines } from '../domain/decline-limits.ts';
import { onePerDatabase } from './one-per-database.ts';
import type { Db } from './schema.ts';

/** Whose declines: an order's and those of its customer, or a customer's alone. */
export type DeclinesOf = { readonly orderId: string } | { readonly customerId: string };

/** Finds the declines that use up the limits; concurrent calls share one statement. */
export async function findExhaustingDeclinesInBatch(
  db: Db,
  of: DeclinesOf,
  limits: DeclineLimits,
): Promise<ExhaustingDeclines> {
  return finders(db)({ of, limits });
}

interface Question {
  readonly of: DeclinesOf;
  readonly limits: DeclineLimits;
}

const BATCHES = { maxConcurrent: 2, maxSize: 64 };

const finders = onePerDatabase((db) =>
  batchCalls(BATCHES, (questions: readonly Question[]) => findExhaustingDeclines(db, questions)),
);

/** A list begins at 1, so that a limit of 0 is never used up. */
async function findExhaustingDeclines(db: Db, questions: readonly Question[]): Promise<readonly ExhaustingDeclines[]> {
  const asked = questions.map(({ of, limits }) => ({ ...of, ...limits }));
  const { rows } = await sql<ExhaustingDeclines>`
    select (d.of_order)[q."perOrder"] as "order", (d.of_customer)[q."perCustomer"] as customer
    from rows from (jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as (
      "orderId" uuid, "customerId" text, "perOrder" integer, "perCustomer" integer, "windowMs" bigint)) with ordinality
      as q("orderId", "customerId", "perOrder", "perCustomer", "windowMs", nth)
    left join lateral (
      select array_agg(t.at order by t.at desc) as of_customer,
        array_agg(t.at order by t.at desc) filter (where t.order_id = q."orderId") as of_order
      from order_payment_transactions t
      where t.status = 'DECLINED' and t.decline_code is distinct from ${TOO_MANY_DECLINES}
        and t.declined_customer_id = coalesce(q."customerId", (select o.customer_id from orders o where o.id = q."orderId"))
        and t.at > now() - q."windowMs" * interval '1 millisecond'
    ) as d on true
    order by q.nth`.execute(db);
  return rows;
}
