import { IANAZone } from 'luxon';

/** Zones that have one meaning in files of shops, in hours ahead of UTC (RFC 2822 has the American ones). */
const zoneHours: Readonly<Record<string, number>> = {
  Z: 0,
  UTC: 0,
  GMT: 0,
  UT: 0,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  CET: 1,
  CEST: 2,
  MEZ: 1,
  MESZ: 2,
  BST: 1,
  JST: 9,
  AEST: 10,
  AEDT: 11,
  AWST: 8,
};

/** How point-of-sale systems write zones of North America. */
const namedZones: Readonly<Record<string, string>> = {
  'eastern time (us & canada': 'America/New_York',
  'central time (us & canada': 'America/Chicago',
  'mountain time (us & canada': 'America/Denver',
  'pacific time (us & canada': 'America/Los_Angeles',
  'eastern time': 'America/New_York',
  'central time': 'America/Chicago',
  'mountain time': 'America/Denver',
  'pacific time': 'America/Los_Angeles',
};

/** Of an hour. */
export const MINUTES = 60;

/** Minutes ahead of UTC, or the IANA name of a zone; `undefined` for what names none for certain. */
export function readZone(name: string): number | string | undefined {
  const offset = /^(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?$/i.exec(name);
  if (offset) return (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * MINUTES + Number(offset[3] ?? '0'));
  const hours = zoneHours[name.toUpperCase()];
  if (hours !== undefined) return hours * MINUTES;
  const known = namedZones[name.toLowerCase().replace(/\)$/, '')];
  if (known !== undefined) return known;
  if (!knownZones.has(name) && !IANAZone.isValidZone(name)) return undefined;
  if (knownZones.size < MAX_KNOWN_ZONES) knownZones.add(name);
  return name;
}

/** Names that were found to be of zones: finding it out takes as long as reading an order. */
const knownZones = new Set<string>();

/** More than there are zones. */
const MAX_KNOWN_ZONES = 1_000;
