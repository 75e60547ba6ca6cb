import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** What a client asks of an order or an import under a key. */
export interface CommandKey {
  /** The id of the order or import. */
  readonly target: string;
  readonly commandId: string;
  readonly bodyHash: string;
}

/** Takes the command's id for this request, unless it is taken; returns the hash of the request that it belongs to. */
export async function claimCommandKey(db: Db, { target, commandId, bodyHash }: CommandKey): Promise<string> {
  const { body_hash: owner } = await db
    .insertInto('command_keys')
    .values({ target, command_id: commandId, body_hash: bodyHash })
    // Something has to be updated for the row that is there to be returned.
    .onConflict((conflict) =>
      conflict.columns(['target', 'command_id']).doUpdateSet({ body_hash: sql`command_keys.body_hash` }),
    )
    .returning('body_hash')
    .executeTakeFirstOrThrow();
  return owner;
}
