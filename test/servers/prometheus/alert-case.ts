/** What Prometheus has scraped, and which alerts of one name then fire. */
export interface AlertCase {
  /** Completes the sentence "fires when …". */
  readonly when: string;
  /** Samples in promtool's notation, by series. */
  readonly series: Readonly<Record<string, string>>;
  /** The time that is looked at, such as `16m`. */
  readonly at: string;
  /** How far samples are apart; a scrape, unless windows of days make that needlessly many. */
  readonly interval?: string;
}

/** A case in which the alert fires, once for each of `says`. */
export interface FiringCase extends AlertCase {
  readonly says: readonly { readonly summary: string; readonly labels?: Readonly<Record<string, string>> }[];
}

/** The cases of one alert. */
export interface AlertCases {
  readonly fires: readonly FiringCase[];
  readonly quiet: readonly AlertCase[];
}

/** The cases of alerts, by their names. */
export type CasesByAlert = Readonly<Record<string, AlertCases>>;

const SCRAPES_PER_MINUTE = 4;

/** A counter that grows by so many a minute, for an hour. */
export function grows(perMinute: number): string {
  return `0+${perMinute / SCRAPES_PER_MINUTE}x${60 * SCRAPES_PER_MINUTE}`;
}

/** A gauge, or a counter of nothing new, that has one value for an hour. */
export function stays(value: number): string {
  return `${value}+0x${60 * SCRAPES_PER_MINUTE}`;
}

/** Several runs of samples, one after the other. */
export function first(value: number, minutes: number, ...then: readonly string[]): string {
  return [`${value}+0x${minutes * SCRAPES_PER_MINUTE - 1}`, ...then].join(' ');
}
