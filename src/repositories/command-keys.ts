import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** A client's request to an order or an import, by the key that came with it. */
export interface CommandKey {
  /** The id of the order or import. */
  readonly target: string;
  readonly commandId: string;
  readonly bodyHash: string;
}

/** Claims the command's id for this request unless it is taken; returns the hash of the request that has it. */
export async function claimCommandKey(db: Db, { target, commandId, bodyHash }: CommandKey): Promise<string> {
  const { body_hash: owner } = await db
    .insertInto('command_keys')
    .values({ target, command_id: commandId, body_hash: bodyHash })
    // RETURNING returns an existing row only if the statement updates it.
    .onConflict((conflict) =>
      conflict.columns(['target', 'command_id']).doUpdateSet({ body_hash: sql`command_keys.body_hash` }),
    )
    .returning('body_hash')
    .executeTakeFirstOrThrow();
  return owner;
}
