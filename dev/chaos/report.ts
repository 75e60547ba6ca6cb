import { alignColumns } from '../../src/cli/text-table.ts';
import type { ChaosResult } from './chaos.ts';
import type { Verdict } from './invariants.ts';
import type { ChaosSize } from './plan.ts';

/** Further breaches of a promise are only counted: the first ones show what is wrong. */
const MAX_BREACHES_SHOWN = 20;

/** Formats what happened, and which promises were kept. */
export function formatTable(
  { lives, now, disruption, brokerKills, freezes, settled, recoveries, verdicts }: ChaosResult,
  size: ChaosSize,
): string {
  const commands = lives.flatMap((life) => life.commands);
  const rows: [string, string | number][] = [
    ['Seed', size.seed],
    ['Orders placed', lives.length],
    ...indentCounts(countBy(now.orders.map(({ status }) => status))),
    ['Answers', commands.length],
    ...indentCounts(countBy(commands)),
    ['Killed with SIGKILL', sum(Object.values(disruption.kills))],
    ...indentCounts(disruption.kills),
    ...indentCounts(size.kafka === true ? { kafka: brokerKills } : {}),
    ...(size.freeze === true ? [['Frozen', sum(Object.values(freezes))] as [string, number]] : []),
    ...indentCounts(freezes),
    ['Faults', sum(Object.values(disruption.faults))],
    ...indentCounts(disruption.faults),
    ['Every order at rest, after the last kill', describeDuration(disruption.lastKillMs, settled.restedAtMs)],
    ['Everything done, events delivered too', describeDuration(disruption.lastKillMs, settled.doneAtMs)],
    ...indentCounts(countBy(settled.waitedFor.map((what) => `last: ${removeId(what)}`))),
    [`Next move after the worker was killed, p50 (of ${recoveries.length})`, formatQuantile(recoveries, 0.5)],
    ['Next move after the worker was killed, p99', formatQuantile(recoveries, 0.99)],
    ['Parked steps that an operator had retried', settled.retriedSteps],
  ];
  const broken = verdicts.filter(({ breaches }) => breaches.length > 0);
  return [
    '',
    ...alignRows(rows),
    '',
    ...alignRows(
      verdicts.map(({ name, checked, breaches }) => [
        name,
        breaches.length === 0 ? `${checked} ok` : `${breaches.length} BROKEN`,
      ]),
    ),
    '',
    ...broken.flatMap(describeBroken),
    broken.length === 0 ? 'Every promise was kept.' : `${broken.length} PROMISES BROKEN, seed ${size.seed}`,
  ].join('\n');
}

function describeDuration(lastKillMs: number, reachedAtMs: number | undefined): string {
  return reachedAtMs === undefined ? 'never' : formatSeconds(reachedAtMs - lastKillMs);
}

/** Formats a quantile of durations in ascending order. */
function formatQuantile(ascending: readonly number[], part: number): string {
  const duration = ascending[Math.ceil(ascending.length * part) - 1];
  return duration === undefined ? 'not seen' : formatSeconds(duration);
}

function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}

/** Removes the order's id from a reason for waiting. */
function removeId(what: string): string {
  return what.replace(/^[0-9a-f-]{36} (is|has an?) /, '');
}

function describeBroken({ name, breaches }: Verdict): string[] {
  const more = breaches.length - MAX_BREACHES_SHOWN;
  return [
    `BROKEN: ${name}`,
    ...breaches.slice(0, MAX_BREACHES_SHOWN).map(({ orderId, what }) => `  ${orderId ?? ''} ${what}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
  ];
}

function alignRows(rows: readonly (readonly [string, string | number])[]): string[] {
  return alignColumns(
    rows.map(([label, value]) => [label, String(value)]),
    ['left', 'right'],
  );
}

function indentCounts(counts: Readonly<Record<string, number>>): [string, number][] {
  const sorted = Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, count]) => [`  ${name}`, count]);
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
