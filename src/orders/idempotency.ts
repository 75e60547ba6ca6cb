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

/** Temporal takes 1 000 bytes for the id of an update, and what people read in a history should stay short. */
const MAX_COMMAND_ID_BYTES = 255;

/**
 * Names a command by its sender and key, each in a way that no other sender and key share: a colon in the subject is encoded, and what would
 * be long is hashed.
 */
function commandIdOf(name: string, subject: string, key: string): string {
  const readable = `${name}:${subject.replace(/[%:]/g, encodeURIComponent)}:${key}`;
  return Buffer.byteLength(readable) <= MAX_COMMAND_ID_BYTES ? readable : `${name}:${hashRequest([subject, key])}`;
}

/** A hash of a JSON value that does not depend on the order of its fields. */
export function hashRequest(request: unknown): string {
  return hash('sha256', stringify(request) ?? '', 'base64url');
}
