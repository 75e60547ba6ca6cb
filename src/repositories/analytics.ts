import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { grantToRole, type DatabaseRole } from './running-role.ts';
import type { Db } from './schema.ts';

/** How a database serves analysts: as which role they read, and with which key the ids of customers are hashed. */
export interface Analytics {
  /** None: nobody is let in. */
  readonly role?: DatabaseRole | undefined;
  /** None: the key stays as it is, a random one at first. */
  readonly key?: string | undefined;
}

/**
 * Lets the role read the views of `analytics` and nothing else, and makes it when there is none; sets the key that customers are hashed
 * with. Done by the role that migrates. Rejects when it may not make roles and there is none.
 */
export async function openAnalytics(db: Db, { role, key }: Analytics): Promise<void> {
  if (key !== undefined) await setCustomerKey(db, key);
  if (role !== undefined) await grantAnalyticsRole(db, role);
}

async function grantAnalyticsRole(db: Db, role: DatabaseRole): Promise<void> {
  await grantToRole(db, role, async (transaction, name) => {
    await sql`grant usage on schema analytics to ${name}`.execute(transaction);
    const { rows } = await sql<{ view: string }>`
      select relname as view from pg_class where relnamespace = 'analytics'::regnamespace and relkind = 'v'`.execute(
      transaction,
    );
    for (const { view } of rows)
      await sql`grant select on ${sql.table(`analytics.${view}`)} to ${name}`.execute(transaction);
  });
}

/** The length of SHA-256's blocks in bytes, to which HMAC pads its key. */
const BLOCK_BYTES = 64;

/** Keeps the two pads of HMAC (RFC 2104) rather than the key, since SQL has no exclusive or of bytes. */
async function setCustomerKey(db: Db, key: string): Promise<void> {
  const bytes = Buffer.from(key);
  const block = Buffer.alloc(BLOCK_BYTES);
  (bytes.length > BLOCK_BYTES ? createHash('sha256').update(bytes).digest() : bytes).copy(block);
  const [inner, outer] = [0x36, 0x5c].map((pad) => Buffer.from(block.map((byte) => byte ^ pad)));
  await sql`update analytics.customer_key set inner_pad = ${inner}, outer_pad = ${outer}`.execute(db);
}
