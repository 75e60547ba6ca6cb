import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import { isTellable } from './text-schemas.ts';

/** The last entry of a page of a list by time. */
export interface Cursor {
  /** In microseconds, as PostgreSQL keeps it. */
  readonly at: string;
  readonly id: string;
}

/** The query parameter that takes a cursor. */
export const cursorField = z
  .string()
  .max(500)
  .optional()
  .meta({ description: '`next_cursor` of the page before, with the same filters.' });

/** An opaque cursor that only continues the list with the same filters. */
export function writeCursor({ at, id }: Cursor, filters: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([keyOf(filters), at, id])).toString('base64url');
}

/** What a cursor of the list with these filters says. Throws VALIDATION for any other. */
export function readCursor(cursor: string, filters: readonly unknown[], isId: (id: string) => boolean): Cursor {
  const parts = cursorParts.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parts.success || !isId(parts.data[2])) throw badCursor('is not a cursor of this API');
  const [listedUnder, at, id] = parts.data;
  if (listedUnder !== keyOf(filters)) throw badCursor('belongs to a list with other filters');
  return { at, id };
}

const cursorParts = z.tuple([z.string(), z.iso.datetime().refine(isTellable), z.string()]);

function keyOf(filters: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64url').slice(0, 16);
}

function badCursor(message: string): Refusal {
  return new Refusal('VALIDATION', `The cursor ${message}.`, { details: [{ parameter: 'cursor', message }] });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
