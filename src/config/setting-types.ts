import { accessSync, constants } from 'node:fs';
import ms, { type StringValue } from 'ms';
import { z } from 'zod';
import { countries } from '../domain/country.ts';
import { parseRate, type Rate } from '../domain/rate.ts';
import { createKeyRing, KEY_BYTES } from '../key-ring.ts';

/** A TCP port. */
export const port = z.coerce.number().int().min(1).max(65_535);

/** A TCP port, or 0 for none. */
export const portOrNone = z.coerce.number().int().min(0).max(65_535);

/** A share from 0 to 1, such as 0.1. */
export const share = z.coerce.number().min(0).max(1);

/** A whole number from 1. */
export const count = z.coerce.number().int().min(1);

/** A whole number from 0. */
export const countOrNone = z.coerce.number().int().min(0);

/** How many times as much, above 1. */
export const factor = z.coerce.number().gt(1).max(100);

/** The address of a service over HTTP. */
export const url = z.url({ protocol: /^https?$/ });

/** The address of a PostgreSQL database. */
export const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://');

/** The address of a Redis server, over TLS as `rediss`. */
export const redisUrl = z.string().regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://');

/** A secret of Standard Webhooks. */
export const signingSecret = z
  .string()
  .regex(
    /^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'must be whsec_ and 24 bytes or more in base64',
  );

/** The path of a file that this process may read. */
export const readableFile = z.string().superRefine((path, context) => {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    context.addIssue({ code: 'custom', message: `can't be read: ${code ?? 'unknown reason'}` });
  }
});

/** A duration such as `2s`, `15m` or `30d`, read into milliseconds. */
export const duration = z.string().transform((text, context) => {
  const durationMs = ms(text as StringValue) as number | undefined;
  if (durationMs === undefined || !(durationMs >= 0)) {
    context.addIssue({ code: 'custom', message: `"${text}" is not a duration such as 2s, 15m or 30d` });
    return z.NEVER;
  }
  return durationMs;
});

/** A timer of Node's takes at most so long, and goes off at once when it is told to take longer. */
const LONGEST_TIMER_MS = ms('24d');

/** A duration for which a process waits: at least `leastMs`, at most `mostMs`. */
export const waiting = (leastMs = 0, mostMs = LONGEST_TIMER_MS) =>
  duration.refine(
    (durationMs) => durationMs >= leastMs && durationMs <= mostMs,
    `must be from ${ms(leastMs)} to ${ms(mostMs)}`,
  );

/** A time of day such as `03:30`; null for `off`. */
export const timeOfDayOrOff = z.string().transform((text, context) => {
  if (text === 'off') return null;
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour !== undefined) return { hour: Number(hour), minute: Number(minute) };
  context.addIssue({ code: 'custom', message: 'must be a time of day such as 03:30, or off' });
  return z.NEVER;
});

/** A duration that is at least `leastMs`. */
export const retention = (leastMs: number) =>
  duration.refine((durationMs) => durationMs >= leastMs, `must be at least ${ms(leastMs)}`);

/** Origins of web pages, separated by commas. */
export const origins = z
  .string()
  .transform((text) => text.split(',').flatMap((origin) => origin.trim() || []))
  .refine((list) => list.every(isOrigin), 'must be origins such as https://shop.example.com, separated by commas');

/** Encryption keys by id, as in `2026b=…,2026a=…`, each 32 bytes in base64. A message never shows a key. */
export const keyRing = z.string().transform((text, context) => {
  const keys = new Map<string, Buffer>();
  for (const [index, entry] of text.split(',').entries()) {
    const [, id, base64 = ''] = /^\s*([A-Za-z0-9][A-Za-z0-9._-]{0,63})=([A-Za-z0-9+/]+=*)\s*$/.exec(entry) ?? [];
    const key = Buffer.from(base64, 'base64');
    const fault = faultOfKey(id, base64, key);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `key ${index + 1} ${fault}` });
    else if (keys.has(id!)) context.addIssue({ code: 'custom', message: `has the key "${id}" twice` });
    else keys.set(id!, key);
  }
  return context.issues.length > 0 ? z.NEVER : createKeyRing([...keys]);
});

function faultOfKey(id: string | undefined, base64: string, key: Buffer): string | undefined {
  if (id === undefined)
    return 'is not an id and a key in base64, such as 2026a=…; make a key with: openssl rand -base64 32';
  if (key.toString('base64') !== base64) return `("${id}") is not base64`;
  return key.length === KEY_BYTES ? undefined : `("${id}") has ${key.length} bytes, and must have ${KEY_BYTES}`;
}

/** Tax rates by country, as in `GB=20,DE=19`. */
export const taxRates = pairs<Rate>(
  'a country and its percentage, at most 100 with up to 3 decimals, such as GB=20',
  (country, percent) => (countries.includes(country) ? parseRate(percent) : undefined),
);

/** Prices by shipping method, as in `standard=0,express=9.90`. */
export const shippingRates = pairs<string>('a shipping method and its price, such as express=9.90', (method, price) =>
  /^[a-z][a-z0-9_-]{0,31} \d{1,9}(\.\d{1,4})?$/.test(`${method} ${price}`) ? price : undefined,
);

/** An amount of money as a decimal number, such as `10.00`. */
export const amount = z.string().regex(/^\d{1,9}(\.\d{1,4})?$/, 'must be an amount such as 10.00');

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** Pairs such as `GB=20,DE=19`, by name. `read` returns a pair's value, or `undefined` when the pair does not have the described `form`. */
function pairs<T>(form: string, read: (name: string, value: string) => T | undefined) {
  return z.string().transform((text, context): Record<string, T> => {
    const entries = new Map<string, T>();
    for (const pair of text.split(',')) {
      const [name = '', value = '', ...more] = pair.split('=').map((part) => part.trim());
      const parsed = more.length === 0 ? read(name, value) : undefined;
      if (parsed === undefined) context.addIssue({ code: 'custom', message: `"${pair}" is not ${form}` });
      else if (entries.has(name)) context.addIssue({ code: 'custom', message: `has ${name} twice` });
      else entries.set(name, parsed);
    }
    return Object.fromEntries(entries);
  });
}

/** A time zone by its IANA name, such as `Europe/Berlin`. */
export const timeZone = z
  .string()
  .refine((name) => isTimeZone(name), 'must be the IANA name of a time zone, such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
