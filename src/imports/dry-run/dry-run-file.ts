import type { Caller } from '../../domain/caller.ts';
import type { ImportFormat } from '../../domain/import-columns.ts';
import { orderRequestSchema } from '../../orders/order-request.ts';
import type { OrderDependencies } from '../../orders/dependencies.ts';
import { findKeyedOrders } from '../../repositories/accept-order.ts';
import type { Db } from '../../repositories/schema.ts';
import { hashBody } from '../hash-body.ts';
import { MAX_LINES } from '../history/take-in-range.ts';
import { importKeyOf } from '../import-key.ts';
import { readOrderLines, type FileFormat } from '../read-order-lines.ts';
import { workInTurns } from '../work-in-turns.ts';
import { checkOrder } from './check-order.ts';
import { holdLines, type HeldOrder } from './hold-lines.ts';
import { startTally, type Tallier, type Tally } from './tally.ts';

/** What a dry run works with. */
export interface DryRunDependencies {
  readonly db: Db;
  readonly rules: OrderDependencies['rules'];
}

/** What a file would do. */
export interface DryRun {
  readonly format: ImportFormat;
  readonly rows: number;
  readonly tally: Tally;
}

/**
 * Reads a file and checks every order of it, as an import would, without writing anything: what the catalogue, the customer service and the stock
 * say of them is not asked. Throws a `Refusal` for a file that can't be read or is too large; `body` is read to its end even then.
 */
export async function dryRunFile(
  { db, rules }: DryRunDependencies,
  caller: Caller,
  body: AsyncIterable<Uint8Array>,
  options: FileFormat,
): Promise<DryRun> {
  const file = hashBody(body, '');
  const holder = holdLines();
  let rows = 0;
  let format: ImportFormat;
  try {
    format = await readOrderLines(file.chunks(), options, (lines) => {
      rows += lines.length;
      return holder.add(lines);
    });
  } catch (error) {
    await file.drain().catch(() => {});
    throw error;
  }
  const mode = options.mode ?? 'new';
  const maxItems = mode === 'new' ? rules.maxItems : MAX_LINES;
  const by = { format, mode, schema: orderRequestSchema(rules), maxItems };
  const tally = startTally();
  for await (const orders of holder.orders(maxItems)) {
    await workInTurns(orders, (order) => {
      checkInto(tally, order, by);
    });
    tally.addKnown(await countKnown(db, caller, orders));
  }
  return { format, rows, tally: tally.conclude() };
}

/** Keys that one statement looks up: it takes some milliseconds. */
const KEYS_AT_ONCE = 1_000;

/** How many of the orders are on record already under their reference. */
async function countKnown(db: Db, { subject }: Caller, orders: readonly HeldOrder[]): Promise<number> {
  const keys = orders.flatMap(({ reference }) => (reference === '' ? [] : [{ subject, key: importKeyOf(reference) }]));
  let known = 0;
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const found = await findKeyedOrders(db, keys.slice(from, from + KEYS_AT_ONCE));
    known += found.filter((one) => one !== undefined).length;
  }
  return known;
}

function checkInto(tally: Tallier, order: HeldOrder, by: Parameters<typeof checkOrder>[1]): void {
  const checked = checkOrder(order, by);
  if ('faults' in checked) tally.addRefused(checked.faults);
  else tally.addOrder(checked);
}
