import { sql, type Kysely } from 'kysely';

/** Which mails were sent, so that a message that comes twice is sent once. */
export async function createSentMessages(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sent_messages (
      key text primary key,
      message_id text not null,
      -- Until then it is left to whoever has taken it.
      taken_until timestamptz not null,
      sent_at timestamptz
    )`.execute(db);
  await sql`create index sent_messages_taken_until_idx on sent_messages (taken_until)`.execute(db);
}
