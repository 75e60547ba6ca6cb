import { estimateCapacity, type Capacity } from '../../src/cli/capacity/estimate-capacity.ts';
import { buildCosts, measuredCosts } from '../../src/cli/capacity/measured-costs.ts';
import { planSale, simulateSale } from '../../src/cli/capacity/simulate-sale.ts';

const costs = buildCosts();

/** The rates that docs/capacity.md works out. */
const RATES = [100, 1_000, 10_000];

/** Sales at an installation for 1 000 orders a second: the peak, and when a third of it is left. */
const SALES = [
  { peakPerSecond: 2_000, decaySeconds: 20 },
  { peakPerSecond: 10_000, decaySeconds: 20 },
  { peakPerSecond: 30_000, decaySeconds: 5 },
];

const needs: readonly (readonly [string, (capacity: Capacity) => string])[] = [
  ['installations', ({ installations }) => format(installations)],
  ['APIs, a core each', ({ installations, each }) => perInstallation(installations, each.apis.processes)],
  ['workers, a core each', ({ installations, each }) => perInstallation(installations, each.workers.processes)],
  [
    'their memory, GB',
    ({ installations, each }) => perInstallation(installations, each.apis.memoryGb + each.workers.memoryGb),
  ],
  ['Temporal, cores', ({ installations, each }) => perInstallation(installations, each.engineCores)],
  ['its history shards', ({ installations, each }) => perInstallation(installations, each.historyShards)],
  ['its task queue partitions', ({ installations, each }) => perInstallation(installations, each.taskQueuePartitions)],
  ['its history, MB a second', ({ installations, each }) => perInstallation(installations, each.historyMb)],
  ['its database, cores', ({ installations, each }) => perInstallation(installations, each.engineDatabaseCores)],
  [
    'its database, MB of log a second',
    ({ installations, each }) => perInstallation(installations, each.engineDatabaseWalMb),
  ],
  ['database, cores', ({ installations, each }) => perInstallation(installations, each.databaseCores)],
  ['database, MB of log a second', ({ installations, each }) => perInstallation(installations, each.databaseWalMb)],
  [
    'database, statements a second',
    ({ installations, each }) => perInstallation(installations, each.statementsPerSecond),
  ],
  ['database, connections', ({ installations, each }) => perInstallation(installations, each.connections)],
  ['database, replicas for reading', ({ installations, each }) => perInstallation(installations, each.readReplicas)],
  ['orders a month, million', ({ monthly }) => format(monthly.orders / 1e6)],
  ['rows a month, million', ({ monthly }) => format(monthly.rows / 1e6)],
  ['TB a month', ({ monthly }) => format(monthly.tb)],
  ["TB in Temporal's databases", ({ engineTb }) => format(engineTb)],
];

/** What the rates need. */
export function buildNeedsTable(): string {
  const capacities = RATES.map((rate) => estimateCapacity(rate, costs));
  return buildTable(
    ['orders a second', ...RATES.map(format)],
    needs.map(([title, of]) => [title, ...capacities.map(of)]),
  );
}

/** What grows in line, and what with the square, in one installation. */
export function buildHintsTable(): string {
  const capacities = RATES.map((rate) => estimateCapacity(rate, { ...costs, databaseCores: 1e6, databaseWalMb: 1e6 }));
  return buildTable(
    ['orders a second, in one installation', ...RATES.map(format)],
    [
      ['connections that hear of every order', ...capacities.map(({ each }) => format(each.listeners))],
      ['orders announced to one of them, a second', ...capacities.map(({ each }) => format(each.hintsPerSecond))],
      ['of the time of each API', ...capacities.map(({ each }) => `${format(each.hearingShare * 100)} %`)],
      ['cores of PostgreSQL', ...capacities.map(({ each }) => format(each.databaseCores))],
    ],
  );
}

/** The first minute of each sale. */
export function buildSalesTable(): string {
  const capacity = estimateCapacity(1_000, costs);
  const outcomes = SALES.map((sale) => simulateSale(planSale(sale, capacity, costs)));
  return buildTable(
    ["a sale's first moment, orders a second", ...SALES.map(({ peakPerSecond }) => format(peakPerSecond))],
    [
      ['a third of it after, s', ...SALES.map(({ decaySeconds }) => format(decaySeconds))],
      ['orders of the first minute', ...outcomes.map(({ orders }) => format(orders))],
      ['accepted after at most, s', ...outcomes.map(({ longestAcceptMs }) => format(longestAcceptMs / 1_000))],
      ['largest backlog', ...outcomes.map(({ largestBacklog }) => format(largestBacklog))],
      ['confirmed after, p50, s', ...outcomes.map(({ confirmMs }) => format(confirmMs.p50 / 1_000))],
      ['confirmed after, p99, s', ...outcomes.map(({ confirmMs }) => format(confirmMs.p99 / 1_000))],
      ['all confirmed after, s', ...outcomes.map(({ doneAfterSeconds }) => format(doneAfterSeconds))],
    ],
  );
}

/** Every cost from which all this follows. */
export function buildCostsTable(): string {
  return buildTable(
    ['cost', 'value', 'unit', 'from'],
    Object.entries(measuredCosts).map(([name, { value, unit, source }]) => [
      `\`${name}\``,
      String(value),
      unit,
      source,
    ]),
  );
}

function perInstallation(installations: number, value: number): string {
  return installations === 1 ? format(value) : `${installations} × ${format(value)}`;
}

function buildTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Three digits say all that an estimate knows. */
function format(value: number): string {
  if (Number.isInteger(value) && value < 10_000) return value.toLocaleString('en-GB').replaceAll(',', ' ');
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 3 }).replaceAll(',', ' ');
}
