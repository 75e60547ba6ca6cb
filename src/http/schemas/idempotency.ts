import { hash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { stringify } from 'safe-stable-stringify';
import { uuidv7 } from 'uuidv7';
import type { ImportCommandName } from '../../domain/import.ts';
import type { CommandName } from '../../domain/messages.ts';
import { claimCommandKey } from '../../repositories/command-keys.ts';
import type { Api } from '../api.ts';
import type { Caller } from '../middleware/authenticate.ts';
import { ProblemError } from '../problems/problem.ts';

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

/** What is asked of an order or an import, and the key under which it may be asked again. */
export interface KeyedRequest {
  readonly key: string | undefined;
  /** All that makes it another request when it differs. */
  readonly asked: unknown;
}

/**
 * Names a command of a caller for its target, so that a repeat acts once; without a key every request is a new command.
 * Throws IDEMPOTENCY_KEY_REUSED when the key came with something else before.
 */
export async function commandId(
  { database: { db } }: Pick<Api, 'database'>,
  { subject }: Caller,
  { target, name }: { readonly target: string; readonly name: CommandName | ImportCommandName },
  { key, asked }: KeyedRequest,
): Promise<string> {
  if (key === undefined) return uuidv7();
  const id = `${name}:${subject}:${key}`;
  const hashed = bodyHash(asked);
  if ((await claimCommandKey(db, { target, commandId: id, bodyHash: hashed })) !== hashed) throw keyReused();
  return id;
}

/** The refusal of a key that came with another request before. */
export function keyReused(orderId?: string): ProblemError {
  return new ProblemError('IDEMPOTENCY_KEY_REUSED', 'The same Idempotency-Key came with another request before.', {
    details: [{ header: 'Idempotency-Key', message: 'was used for another request' }],
    ...(orderId !== undefined && { orderId }),
  });
}
