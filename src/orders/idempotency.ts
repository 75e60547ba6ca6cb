import { hash } from 'node:crypto';
import { stringify } from 'safe-stable-stringify';
import { uuidv7 } from 'uuidv7';
import type { Caller } from '../domain/caller.ts';
import type { ImportCommandName } from '../domain/import.ts';
import type { CommandName } from '../domain/messages.ts';
import { keyReused } from '../domain/refusal.ts';
import { claimCommandKey } from '../repositories/command-keys.ts';
import type { Db } from '../repositories/schema.ts';

/** What a caller asks of an order or an import, and the key under which it may be asked again. */
export interface KeyedRequest {
  readonly key: string | undefined;
  /** What is compared: the same key with something else here is another request. */
  readonly asked: unknown;
}

/**
 * Names a caller's command to its target, so that a repeat acts once; without a key every request is a new command.
 * Throws IDEMPOTENCY_KEY_REUSED when the key came with something else before.
 */
export async function claimCommandId(
  db: Db,
  { subject }: Caller,
  { target, name }: { readonly target: string; readonly name: CommandName | ImportCommandName | 'addNote' },
  { key, asked }: KeyedRequest,
): Promise<string> {
  if (key === undefined) return uuidv7();
  const commandId = commandIdOf(name, subject, key);
  const bodyHash = hashRequest(asked);
  if ((await claimCommandKey(db, { target, commandId, bodyHash })) !== bodyHash) throw keyReused();
  return commandId;
}

/**
 * Names a command by its sender and key, in a way that no other sender and key share. Hashed, since Temporal keeps the id of an update as it
 * is, and clients make keys of what they like, such as an e-mail address.
 */
function commandIdOf(name: string, subject: string, key: string): string {
  return `${name}:${hashRequest([subject, key])}`;
}

/** A hash of a JSON value that does not depend on the order of its fields. */
export function hashRequest(request: unknown): string {
  return hash('sha256', stringify(request) ?? '', 'base64url');
}
