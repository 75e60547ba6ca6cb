import type { Import, ImportOutcome } from '../../domain/import.ts';
import { findKeyedOrders } from '../../repositories/accept-order.ts';
import { findReferencedOrders } from '../../repositories/referenced-orders.ts';
import type { Db } from '../../repositories/schema.ts';
import { compareWithFile } from './compare-with-file.ts';
import type { PreparedOrder } from './prepare-order.ts';

/**
 * Leaves out what is on record under its key or, since keys are not kept for ever, under its reference and source; where it says something else than the
 * file, the outcome tells the difference. What two imports take in at the same time is told apart by the key.
 */
export async function leaveOutRepeated(
  db: Db,
  { subject }: Pick<Import, 'subject'>,
  prepared: readonly PreparedOrder[],
  outcomes: ImportOutcome[],
): Promise<PreparedOrder[]> {
  const keys = prepared.map(({ key }) => key);
  const keyed = await findKeyedOrders(db, keys);
  const unkeyed = prepared.filter((_, index) => keyed[index] === undefined);
  const files = unkeyed.map(({ file }) => file);
  const referenced = await findReferencedOrders(db, subject, files);
  const fresh: PreparedOrder[] = [];
  for (const [index, order] of unkeyed.entries()) {
    const orderId = referenced[index];
    if (orderId === undefined) fresh.push(order);
    // oxlint-disable-next-line no-await-in-loop -- one connection
    else outcomes.push(await repeatOf(db, order, { orderId, bodyHash: undefined }));
  }
  for (const [index, order] of prepared.entries()) {
    const known = keyed[index];
    // oxlint-disable-next-line no-await-in-loop -- one connection
    if (known) outcomes.push(await repeatOf(db, order, known));
  }
  return fresh;
}

async function repeatOf(
  db: Db,
  order: PreparedOrder,
  { orderId, bodyHash }: { readonly orderId: string; readonly bodyHash: string | undefined },
): Promise<ImportOutcome> {
  const failure = bodyHash === order.key.bodyHash ? null : await compareWithFile(db, orderId, order);
  return { position: order.position, state: 'REPEATED', orderId, failure };
}
