import { sql, type Kysely } from 'kysely';

/** When a process has last started a saga that somebody waits for: while none has, a backlog may take more of Temporal. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table start_figures add column awaited_at timestamptz`.execute(db);
}

/** Nothing is lost: processes tell again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table start_figures drop column awaited_at`.execute(db);
}
