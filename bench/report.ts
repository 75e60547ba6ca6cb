import { alignColumns } from '../src/cli/text-table.ts';
import type { BenchReport, Phase, Turn } from './bench.ts';
import type { PartReport } from './part.ts';
import type { Spread } from './measures.ts';
import { contestantNames, type Target, listTargets, ratioTo } from './targets.ts';

/** Formats the line of `--json`: the saga's figures, the facts of each other part, and every target; times in ms, memory in MB, rates per second. */
export function formatJsonLine(saga: BenchReport | undefined, parts: Readonly<Record<string, PartReport>>): string {
  const targets = [...(saga ? listTargets(saga) : []), ...Object.values(parts).flatMap((part) => part.targets)];
  return JSON.stringify({ ...saga, ...parts, targets }, (_, value: unknown) => {
    if (value instanceof Map) return Object.fromEntries(value) as object;
    return typeof value === 'number' ? Number(value.toFixed(3)) : value;
  });
}

/** Formats the saga's figures for people. */
export function formatTable(report: BenchReport): string {
  const { rest, rounds, orders, concurrency } = report;
  const others = [...rest.keys()].filter((name) => name !== contestantNames.product);
  const ratios = others.map((name) => `${(ratioTo(name, rounds) ?? Number.NaN).toFixed(2)} of ${name}`);
  return [
    '',
    'One order after the other:',
    ...formatTurn(rest),
    ...rounds.flatMap((turn, index) => [
      `Load ${index + 1}: ${orders} orders, ${concurrency} in flight:`,
      ...formatTurn(turn),
    ]),
    `Orders a second of the product, over all loads: ${ratios.join(', ')}.`,
    `Memory of API and worker: ${formatMegabytes(report.idleMemoryMb)} before, ${formatMegabytes(report.memoryAfterMb)} after.`,
    '',
    ...listTargets(report).map(formatVerdict),
  ].join('\n');
}

function formatTurn(turn: Turn): string[] {
  const columns = [...turn];
  const parts = [...new Set(columns.flatMap(([, { cpuMsPerOrder }]) => Object.keys(cpuMsPerOrder)))];
  const rows: [string, (phase: Phase) => string][] = [
    ['orders confirmed', ({ confirmed }) => String(confirmed)],
    ['anything else', ({ others }) => formatCounts(others)],
    ['orders/s', ({ confirmed, seconds }) => (confirmed / seconds).toFixed(1)],
    ['to CONFIRMED p50 (ms)', ({ latencyMs }) => latencyMs.p50.toFixed(1)],
    ['             p95 (ms)', ({ latencyMs }) => latencyMs.p95.toFixed(1)],
    ['             p99 (ms)', ({ latencyMs }) => latencyMs.p99.toFixed(1)],
    ['history events, mean/max', ({ history }) => formatSpread(history?.events)],
    ['history bytes, mean/max', ({ history }) => formatSpread(history?.bytes)],
    ['state transitions, mean/max', ({ history }) => formatSpread(history?.stateTransitions)],
    ['SQL statements per order', ({ statementsPerOrder }) => statementsPerOrder?.toFixed(2) ?? '–'],
    ...parts.map((part): [string, (phase: Phase) => string] => [
      `CPU ms per order, ${part}`,
      ({ cpuMsPerOrder }) => cpuMsPerOrder[part]?.toFixed(1) ?? '–',
    ]),
  ];
  return [
    '',
    ...alignColumns(
      [
        ['', ...columns.map(([name]) => name)],
        ...rows.map(([label, cell]) => [label, ...columns.map(([, phase]) => cell(phase))]),
      ],
      ['left', ...columns.map(() => 'right' as const)],
    ),
    '',
  ];
}

/** Formats a target and its measurement in one line. */
export function formatVerdict({ name, met, measured }: Target): string {
  const word = met === undefined ? 'unknown' : met ? 'met' : 'MISSED';
  return `${word.padEnd(8)} ${name}: ${measured === undefined ? 'not measured' : Number(measured.toFixed(2))}`;
}

function formatCounts(others: Phase['others']): string {
  return (
    Object.entries(others)
      .map(([label, n]) => `${n} × ${label}`)
      .join(', ') || '–'
  );
}

function formatSpread(spread: Spread | undefined): string {
  return spread ? `${Number(spread.mean.toFixed(2))}/${spread.max}` : '–';
}

function formatMegabytes(value: number | undefined): string {
  return value === undefined ? 'not visible' : `${value.toFixed(0)} MB`;
}
