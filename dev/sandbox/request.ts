import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { z } from 'zod';
import { isCurrency } from '../../src/domain/currency.ts';
import { parseMoney } from '../../src/domain/money.ts';
import type { Later } from './pending-requests.ts';
import { invalid, Refusal } from './refusal.ts';

/**
 * The variables of the sandbox's handlers; `decline` is set when a fault declines the charge, `unheard` when the caller gets no
 * answer about the effect, `later` when it gets 202 and the effect comes later.
 */
export interface SandboxEnv {
  Bindings: Partial<HttpBindings>;
  Variables: { decline?: boolean; unheard?: boolean; later?: Later };
}

/** A non-empty text that is used as a key. */
export const key = z.string().min(1).max(255);

/** An ISO 4217 code. */
export const currency = z.string().refine(isCurrency, 'is not an ISO 4217 currency');

/** A decimal amount; {@link minorUnits} converts it once its currency is known. */
export const amount = z.string().max(24);

/** A number of units in stock. */
export const stock = z.number().int().min(0).max(1_000_000_000_000);

/** The paging parameters of a list: at most 1000 entries, 100 by default. */
export const page = z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), cursor: key.optional() });

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Returns whether the text can be compared with a `uuid` column. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** Reads and checks the JSON body; throws a 400 refusal with a JSON pointer for each mistake. */
export async function readBody<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalid('', 'the body is not JSON');
  }
  return check(schema, body);
}

/** Reads and checks the query; throws a 400 refusal that names each offending parameter. */
export function readQuery<Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> {
  return check(schema, c.req.query());
}

/** Reads the header `Idempotency-Key`; throws a 400 refusal when it is missing. */
export function idempotencyKey(c: Context): string {
  const parsed = key.safeParse(c.req.header('Idempotency-Key'));
  if (!parsed.success) throw invalid('Idempotency-Key', 'the header is required, with 1 to 255 characters');
  return parsed.data;
}

/** Converts a decimal string to minor units of the currency; throws a 400 refusal at `pointer` when it can't. */
export function minorUnits(text: string, inCurrency: string, pointer: string): number {
  try {
    return parseMoney(text, inCurrency);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(pointer, error.message);
  }
}

/** Returns the index of the first repeated key, or -1. */
export function firstRepeat(keys: readonly string[]): number {
  const seen = new Set<string>();
  return keys.findIndex((one) => seen.size === seen.add(one).size);
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map((issue) => ({
    path: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message: issue.message,
  }));
  throw new Refusal(400, 'VALIDATION', 'the request is not valid', details);
}
