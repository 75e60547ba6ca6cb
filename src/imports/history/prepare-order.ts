import { hash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { FileOrder } from '../../domain/file-order.ts';
import type { TakingIn } from '../../domain/import-columns.ts';
import type { Import, ImportOrder } from '../../domain/import.ts';
import { takeInOrder } from '../../domain/take-in-order.ts';
import type { NewTakenInOrder } from '../../repositories/taken-in-rows.ts';
import { keyedId } from '../../orders/keyed-id.ts';
import { checkReference, importKeyOf } from '../import-key.ts';
import { customerIdOf, nameCustomer } from '../name-customer.ts';

/** An order that is ready to be written, but for its goods. */
export type PreparedOrder = Omit<NewTakenInOrder, 'reservationId'>;

/** Makes of a file's order what is written of it. Throws VALIDATION for what can't be an order. */
export function prepareOrder(
  job: Pick<Import, 'id' | 'subject' | 'roles' | 'createdAt' | 'format'>,
  { position, reference }: Pick<ImportOrder, 'position' | 'reference'>,
  file: FileOrder,
  terms: TakingIn,
): PreparedOrder {
  checkReference(reference);
  const order = takeInOrder(file, terms.unpaid, job.createdAt);
  const id = terms.takeStock && order.isOpen ? takenInId(job.id, reference) : uuidv7();
  return {
    id,
    position,
    key: { ...importKeyOf(job, reference, file.source), bodyHash: hashFile(file) },
    customerId: customerIdOf(file, job.format?.defaults ?? {}, true) ?? nameCustomer(file),
    file,
    order,
    itemIds: order.items.map(() => uuidv7()),
    metadata: { order_reference: reference },
  };
}

/** The id of an order whose goods are taken before it is written: another attempt takes them for the same order, and whoever cancels it knows them. */
export function takenInId(importId: string, reference: string): string {
  return keyedId(reference, [importId, 'taken in']);
}

/** Tells that a file says the same again. Where it says it in another sequence of fields, the order on record is compared field by field. */
function hashFile(file: FileOrder): string {
  return hash('sha256', JSON.stringify(file), 'base64url');
}
