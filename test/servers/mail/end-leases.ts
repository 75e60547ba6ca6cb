import { Client } from 'pg';

/** Lets the time pass for which a mail is left to whoever has taken it. Only while nobody sends: else a mail is sent twice at once. */
export async function endLeases({ url }: { readonly url: string }): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`update sent_messages set taken_until = now() - interval '1 millisecond' where sent_at is null`);
  await client.end();
}
