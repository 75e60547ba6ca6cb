import { sql } from 'kysely';
import type { Role } from '../domain/caller.ts';
import type { Db } from './schema.ts';

/** Who is signed in, and until when at the longest. */
export interface ConsoleSession {
  readonly subject: string;
  /** For the page only. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly expiresAt: Date;
}

/** Records who signed in, under the hash of what only their browser has; removes what has ended. */
export async function insertConsoleSession(
  db: Db,
  idHash: string,
  { subject, name, roles, expiresAt }: ConsoleSession,
  idleMs: number,
): Promise<void> {
  await db
    .deleteFrom('console_sessions')
    .where('seen_at', '<', sql<Date>`now() - ${idleMs} * interval '1 millisecond'`)
    .execute();
  await db
    .insertInto('console_sessions')
    .values({ id_hash: idHash, subject, name, roles: [...roles], expires_at: expiresAt })
    .execute();
}

/** A request a second needs no write a second. */
const SEEN_WITHIN = sql.lit('1 minute');

/** Finds a session that has not ended, neither by its limit nor by `idleMs` without use, and notes that it `isUsed`. */
export async function findConsoleSession(
  db: Db,
  idHash: string,
  { idleMs, isUsed }: { readonly idleMs: number; readonly isUsed: boolean },
): Promise<ConsoleSession | undefined> {
  const found = await db
    .selectFrom('console_sessions')
    .select(['subject', 'name', 'roles', 'expires_at'])
    .select(sql<boolean>`seen_at < now() - interval ${SEEN_WITHIN}`.as('is_to_note'))
    .where('id_hash', '=', idHash)
    .where('expires_at', '>', sql<Date>`now()`)
    .where('seen_at', '>', sql<Date>`now() - ${idleMs} * interval '1 millisecond'`)
    .executeTakeFirst();
  if (!found) return undefined;
  if (isUsed && found.is_to_note) {
    await db
      .updateTable('console_sessions')
      .set({ seen_at: sql<Date>`now()` })
      .where('id_hash', '=', idHash)
      .execute();
  }
  const { subject, name, roles, expires_at: expiresAt } = found;
  // Written by `insertConsoleSession` alone.
  return { subject, name, roles: roles as Role[], expiresAt };
}

/** Ends a session everywhere. */
export async function deleteConsoleSession(db: Db, idHash: string): Promise<void> {
  await db.deleteFrom('console_sessions').where('id_hash', '=', idHash).execute();
}
