import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** The record of mails in this database, for whoever sends them. */
export function mailRecordIn(db: Db) {
  return {
    take: (key: string, messageId: string, leaseMs: number) => takeMail(db, { key, messageId, leaseMs }),
    recordSent: (key: string) => recordSentMail(db, key),
    release: (key: string) => releaseMail(db, key),
  };
}

/**
 * Takes a mail for `leaseMs`, unless it was `sent` or somebody else is `busy` with it. Of several processes that ask at the same
 * moment, one takes it.
 */
async function takeMail(
  db: Db,
  mail: { readonly key: string; readonly messageId: string; readonly leaseMs: number },
): Promise<'taken' | 'sent' | 'busy'> {
  const lease = sql<Date>`now() + make_interval(secs => ${mail.leaseMs / 1_000})`;
  const taken = await db
    .insertInto('sent_messages')
    .values({ key: mail.key, message_id: mail.messageId, taken_until: lease })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ taken_until: lease })
        .where('sent_messages.sent_at', 'is', null)
        .where('sent_messages.taken_until', '<', sql<Date>`now()`),
    )
    .returning('key')
    .executeTakeFirst();
  if (taken) return 'taken';
  const other = await db.selectFrom('sent_messages').select('sent_at').where('key', '=', mail.key).executeTakeFirst();
  return other?.sent_at ? 'sent' : 'busy';
}

/** Records that a mail was sent. */
async function recordSentMail(db: Db, key: string): Promise<void> {
  await db
    .updateTable('sent_messages')
    .set({ sent_at: sql`now()` })
    .where('key', '=', key)
    .execute();
}

/** Lets whoever comes next take a mail that was not sent. */
async function releaseMail(db: Db, key: string): Promise<void> {
  await db
    .updateTable('sent_messages')
    .set({ taken_until: sql`now() - interval '1 millisecond'` })
    .where('key', '=', key)
    .where('sent_at', 'is', null)
    .execute();
}
