import { DateTime } from 'luxon';

/** A time zone by its IANA name, such as `Europe/Berlin`. */
export type TimeZone = string;

/** When a moment of a request begins: an RFC 3339 time as it stands, a day at its first instant in the shop's time zone. */
export function readMoment(text: string, zone: TimeZone): Date {
  return isDay(text) ? dayIn(text, zone).toJSDate() : new Date(text);
}

/** When a moment of a request is over: an RFC 3339 time as it stands, a day at the first instant of the next one. */
export function readMomentEnd(text: string, zone: TimeZone): Date {
  return isDay(text) ? dayIn(text, zone).plus({ days: 1 }).toJSDate() : new Date(text);
}

function isDay(text: string): boolean {
  return text.length === '2026-11-26'.length;
}

function dayIn(day: string, zone: TimeZone): DateTime {
  return DateTime.fromISO(day, { zone }).startOf('day');
}
