import { DateTime, IANAZone } from 'luxon';
import type { DateOrder } from '../../domain/preset.ts';
import { MINUTES, readZone } from './read-zone.ts';

/** A date as a cell writes it; `time` and `zone` where it states them. */
export interface WrittenDate {
  /** Its numbers in the order in which they stand, and what they are if that is certain. */
  readonly parts: readonly [number, number, number];
  readonly order: DateOrder | 'MDY or DMY';
  /** The order that it shows by a number that is no month, or by its dots. */
  readonly shows: DateOrder | null;
  readonly time: { readonly hour: number; readonly minute: number; readonly second: number; readonly ms: number };
  /** Minutes ahead of UTC, or an IANA name; null where none is stated. */
  readonly zone: number | string | null;
}

/** No date of a file is longer. */
const MAX_CHARACTERS = 60;

const WEEKDAY = /^\p{L}{2,12}\.?,\s*(?=[\p{L}\d])/u;
const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(.*)$/u;
const DIGITS_ONLY = /^(\d{4})(\d{2})(\d{2})$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)$/u;
const MONTH_FIRST = /^(\p{L}{3,12})\.?[-\s/]+(\d{1,2})(?:st|nd|rd|th)?,?[-\s/]+(\d{4}|\d{2})(?!\d)(.*)$/u;
const MONTH_SECOND =
  /^(\d{1,2})(?:st|nd|rd|th|er)?\.?[-\s/]+(?:de\s)?(\p{L}{3,12})\.?,?[-\s/]+(?:de\s)?(\d{4}|\d{2})(?!\d)(.*)$/u;

/** Reads a date in any of the usual ways, without deciding what its numbers don't say; `undefined` for what is none. */
export function parseDate(text: string): WrittenDate | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const plain = text.trim().replace(WEEKDAY, '');
  const digits = DIGITS_ONLY.exec(plain);
  if (digits) return dateOf([digits[1], digits[2], digits[3]], 'YMD', null, '');
  const yearFirst = YEAR_FIRST.exec(plain);
  if (yearFirst) return dateOf([yearFirst[1], yearFirst[3], yearFirst[4]], 'YMD', null, yearFirst[5]);
  const yearLast = YEAR_LAST.exec(plain);
  if (yearLast) {
    const shows = orderShown(Number(yearLast[1]), Number(yearLast[3]), yearLast[2] ?? '');
    const same = Number(yearLast[1]) === Number(yearLast[3]);
    return dateOf([yearLast[1], yearLast[3], yearLast[4]], shows ?? (same ? 'DMY' : 'MDY or DMY'), shows, yearLast[5]);
  }
  const monthFirst = MONTH_FIRST.exec(plain);
  if (monthFirst) {
    const month = monthNumber(monthFirst[1] ?? '');
    return month === undefined ? undefined : dateOf([month, monthFirst[2], monthFirst[3]], 'MDY', null, monthFirst[4]);
  }
  const monthSecond = MONTH_SECOND.exec(plain);
  const month = monthSecond && monthNumber(monthSecond[2] ?? '');
  return month ? dateOf([monthSecond[1], month, monthSecond[3]], 'DMY', null, monthSecond[4]) : undefined;
}

const MONTHS = 12;

/** Nobody writes dates with dots that begin with the month. */
function orderShown(first: number, second: number, separator: string): DateOrder | null {
  if (first > MONTHS || separator === '.') return 'DMY';
  return second > MONTHS ? 'MDY' : null;
}

function dateOf(
  parts: readonly (string | undefined)[],
  order: WrittenDate['order'],
  shows: DateOrder | null,
  rest = '',
): WrittenDate | undefined {
  const time = readTime(rest);
  const [first = 0, second = 0, third = 0] = parts.map(Number);
  const isShortYear = parts[2]?.length === 2 && order !== 'YMD';
  return time && { parts: [first, second, isShortYear ? 2_000 + third : third], order, shows, ...time };
}

const TIME =
  /^(?:[T,\s]|at\s)*(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(?:([ap])\.?m\.?)?)?\s*\(?([A-Za-z_/&() ]*?(?:[+-]\d{1,2}(?::?\d{2})?)?)\)?$/iu;

function readTime(rest: string): Pick<WrittenDate, 'time' | 'zone'> | undefined {
  const match = TIME.exec(rest);
  if (!match) return undefined;
  const [, hours = '0', minute = '0', second = '0', fraction = '', half = '', named = ''] = match;
  const hour = half === '' ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const zone = named.trim() === '' ? null : readZone(named.trim());
  if (zone === undefined) return undefined;
  return {
    time: { hour, minute: Number(minute), second: Number(second), ms: Number(fraction.padEnd(3, '0').slice(0, 3)) },
    zone,
  };
}

/** What is known of how a file writes dates. */
export interface DateConventions {
  readonly dates: DateOrder | 'mixed' | null;
  readonly timeZone: string;
}

/** The moment that a date states, or why it can't be told for certain. */
export function toMoment(
  written: WrittenDate,
  { dates, timeZone }: DateConventions,
): Date | { readonly fault: string } {
  let { order } = written;
  if (order === 'MDY or DMY') {
    if (dates === null || dates === 'mixed') {
      return {
        fault: `may be written day or month first, and ${dates === null ? 'no other date of the file shows which' : 'the dates of the file show both'}: state date_format=DMY or date_format=MDY`,
      };
    }
    order = dates;
  }
  const [first, second, third] = written.parts;
  const [year, month, day] =
    order === 'YMD' ? [first, second, third] : order === 'MDY' ? [third, first, second] : [third, second, first];
  return momentOf({ year, month, day }, written, timeZone);
}

/** The moment so many milliseconds after the beginning of 1970. */
export function ofUnixTime(ms: number): Date | { readonly fault: string } {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR ? date : { fault: 'is no time of these days in what dates.unix says' };
}

/** Orders of shops are younger, and none comes from so far in the future. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2100;

function momentOf(
  { year, month, day }: { year: number; month: number; day: number },
  { time, zone }: WrittenDate,
  timeZone: string,
): Date | { readonly fault: string } {
  const utc = new Date(Date.UTC(year, month - 1, day, time.hour, time.minute, time.second, time.ms));
  const isDay = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day && utc.getUTCHours() === time.hour;
  if (!isDay || time.minute >= MINUTES || time.second >= MINUTES || year < FIRST_YEAR || year > LAST_YEAR)
    return { fault: 'is no day of the calendar' };
  const place = zone ?? timeZone;
  if (typeof place === 'number') return new Date(utc.getTime() - place * MINUTES * 1_000);
  if (place === 'UTC') return utc;
  const { hour, minute, second, ms: millisecond } = time;
  return DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone: place }).toJSDate();
}

/** Languages whose names of months are known, short and long. */
const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'];

let months: ReadonlyMap<string, number> | undefined;

/** The number of a month by its name, as text; `undefined` for what is none, or could be two. */
function monthNumber(name: string): string | undefined {
  months ??= namesOfMonths();
  const month = months.get(name.toLowerCase().replace(/\.$/, ''));
  return month === undefined ? undefined : String(month);
}

function namesOfMonths(): ReadonlyMap<string, number> {
  const named = languages.flatMap((language) =>
    Array.from({ length: MONTHS }, (_, month) => month).flatMap((month) => {
      const [short = '', long = ''] = (['short', 'long'] as const).map((style) =>
        new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' })
          .format(new Date(Date.UTC(2_000, month, 1)))
          .toLowerCase()
          .replace(/\.$/, ''),
      );
      // Many systems cut every name off: "Mär" and "fév".
      return [short, long, long.slice(0, 3)].map((name) => ({ month: month + 1, name }));
    }),
  );
  const sharing = Map.groupBy([...named, ...otherNames], ({ name }) => name);
  return new Map(
    [...sharing].flatMap(([name, ones]) => {
      const [first] = ones;
      return first && ones.every(({ month }) => month === first.month) ? [[name, first.month] as const] : [];
    }),
  );
}

const otherNames = [
  { month: 3, name: 'mrz' },
  { month: 9, name: 'sept' },
];

/** The order that a caller names with `DMY`, `MDY`, `YMD` or a pattern such as `DD/MM/YYYY`; `undefined` for anything else. */
export function readDateOrder(text: string): DateOrder | undefined {
  const letters = text
    .toUpperCase()
    .replace(/[T\s].*$/, '')
    .replaceAll(/[^DMY]/g, '');
  const order = letters.replaceAll(/(.)\1+/g, '$1');
  return order === 'DMY' || order === 'MDY' || order === 'YMD' ? order : undefined;
}

/** Whether a name is that of a time zone (IANA). */
export function isTimeZone(name: string): boolean {
  return name.length <= MAX_CHARACTERS && IANAZone.isValidZone(name);
}
