import { sql, type Kysely } from 'kysely';

/** Remembers what was asked under the key of a command, so that the same key with something else can be refused. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table command_keys (
      target uuid not null,
      command_id text not null,
      body_hash text not null,
      created_at timestamptz not null default now(),
      primary key (target, command_id)
    )`.execute(db);
}

/** Forgets it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table command_keys`.execute(db);
}
