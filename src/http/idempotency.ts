import { hash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { stringify } from 'safe-stable-stringify';
import { uuidv7 } from 'uuidv7';
import type { ImportCommandName } from '../domain/import.ts';
import type { CommandName } from '../domain/messages.ts';
import type { Caller } from './authenticate.ts';

/** The header by which a request that is sent again is known. */
export const idempotencyHeader = z
  .string()
  .regex(/^[ -~]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
  .optional()
  .openapi({ description: 'The same key and body bring the same order and answer, however often they are sent.' });

/** A hash of a JSON body that does not depend on the order of its fields or on white space. */
export function bodyHash(body: unknown): string {
  return hash('sha256', stringify(body) ?? '', 'base64url');
}

/** Names a command within its order, so that a repeat acts once; without a key every request is a new command. */
export function commandId(caller: Caller, name: CommandName | ImportCommandName, key: string | undefined): string {
  return key === undefined ? uuidv7() : `${name}:${caller.subject}:${key}`;
}
