import type { Import, ImportFailure, ImportOutcome } from '../../domain/import.ts';
import { findKeyedOrders } from '../../repositories/accept-order.ts';
import { findReferencedOrders } from '../../repositories/referenced-orders.ts';
import type { Db } from '../../repositories/schema.ts';
import { importOverseers } from '../find-visible-import.ts';
import { compareWithFile } from './compare-with-file.ts';
import type { PreparedOrder } from './prepare-order.ts';

/**
 * Leaves out what is on record under its key or, since keys are not kept for ever, under its reference and source, whoever sent it; where it says
 * something else than the file, the outcome tells the difference, or, where the importer may not see that order, the order is refused. What two
 * imports take in at the same time is told apart by the key.
 */
export async function leaveOutRepeated(
  db: Db,
  job: Pick<Import, 'subject' | 'roles'>,
  prepared: readonly PreparedOrder[],
  outcomes: ImportOutcome[],
): Promise<PreparedOrder[]> {
  const keys = prepared.map(({ key }) => key);
  const keyed = await findKeyedOrders(db, keys);
  const unkeyed = prepared.filter((_, index) => keyed[index] === undefined);
  const files = unkeyed.map(({ file }) => file);
  const referenced = await findReferencedOrders(db, job.subject, files);
  const fresh: PreparedOrder[] = [];
  for (const [index, order] of unkeyed.entries()) {
    const orderId = referenced[index];
    if (orderId === undefined) fresh.push(order);
    // oxlint-disable-next-line no-await-in-loop -- one connection
    else outcomes.push(await repeatOf(db, job, order, { orderId, bodyHash: undefined }));
  }
  for (const [index, order] of prepared.entries()) {
    const known = keyed[index];
    // oxlint-disable-next-line no-await-in-loop -- one connection
    if (known) outcomes.push(await repeatOf(db, job, order, known));
  }
  return fresh;
}

/** Says nothing of the order, which the importer may not see. */
const ofSomebodyElse: ImportFailure = {
  code: 'VALIDATION',
  message:
    "Somebody else's order is on record under this reference and source, and says something else. If this one is of another shop, give its file a source of its own, with source=.",
  details: [{ pointer: '/order_reference', message: "is that of somebody else's order" }],
};

async function repeatOf(
  db: Db,
  { subject, roles }: Pick<Import, 'subject' | 'roles'>,
  order: PreparedOrder,
  { orderId, bodyHash }: { readonly orderId: string; readonly bodyHash: string | undefined },
): Promise<ImportOutcome> {
  const { position } = order;
  const difference = bodyHash === order.key.bodyHash ? null : await compareWithFile(db, orderId, order);
  const isSeen =
    difference === null ||
    difference.placedByService === subject ||
    importOverseers.some((role) => roles.includes(role));
  if (!isSeen) return { position, state: 'FAILED', orderId: null, failure: ofSomebodyElse };
  return { position, state: 'REPEATED', orderId, failure: difference?.failure ?? null };
}
