import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** What a member of staff wrote down about an order; no customer sees it. */
export interface OrderNote {
  readonly id: string;
  readonly text: string;
  /** Such as `support:sam`. */
  readonly author: string;
  readonly at: Date;
}

/** A note that is to be written, named by its key within the order. */
export interface NewOrderNote extends Omit<OrderNote, 'at'> {
  readonly orderId: string;
  readonly key: string;
}

/** Writes a note, or finds the one with its key; `undefined`, and nothing is written, when the order has `most` notes already. */
export async function insertNote(db: Db, note: NewOrderNote, most: number): Promise<OrderNote | undefined> {
  const { id, orderId, key, text, author } = note;
  await sql`
    insert into order_notes (id, order_id, note_key, text, author)
    select ${id}::uuid, o.id, ${key}, ${text}, ${author} from orders o
    where o.id = ${orderId} and (select count(*) from order_notes n where n.order_id = o.id) < ${most}
    on conflict (order_id, note_key) do nothing`.execute(db);
  return selectNotes(db, orderId).where('note_key', '=', key).executeTakeFirst();
}

/** An order's notes, oldest first. */
export async function findNotes(db: Db, orderId: string): Promise<OrderNote[]> {
  return selectNotes(db, orderId).orderBy('at').orderBy('id').execute();
}

function selectNotes(db: Db, orderId: string) {
  return db.selectFrom('order_notes').select(['id', 'text', 'author', 'at']).where('order_id', '=', orderId);
}
