import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Capacity, estimateCapacity } from '../capacity/estimate-capacity.ts';
import { buildCosts, type Costs, measuredCosts } from '../capacity/measured-costs.ts';
import { planSale, type SaleOutcome, simulateSale } from '../capacity/simulate-sale.ts';
import { UsageError } from './cli-error.ts';
import type { Output } from './output.ts';
import { formatFields, formatTable } from './table.ts';

/** The options of `orders capacity`. */
export interface CapacityOptions {
  readonly ordersPerSecond: number;
  readonly costs?: string;
  readonly salePeak?: number;
  readonly saleDecay: number;
}

/** `orders capacity`: what so many orders a second need, with the costs from which it follows. */
export async function runCapacityCommand(output: Output, options: CapacityOptions): Promise<void> {
  const costs = buildCostsOf(options.costs === undefined ? {} : await readJson(options.costs));
  const capacity = estimate(options.ordersPerSecond, costs);
  const sale =
    options.salePeak === undefined
      ? undefined
      : simulateSale(planSale({ peakPerSecond: options.salePeak, decaySeconds: options.saleDecay }, capacity, costs));
  if (output.json) {
    output.printJson({ ...capacity, ...(sale && { sale }), costs });
    return;
  }
  output.print(formatCapacity(capacity));
  if (sale) output.print(`\n${formatSale(sale)}`);
  output.print(`\n${formatCosts(costs)}`);
}

function estimate(ordersPerSecond: number, costs: Costs): Capacity {
  try {
    return estimateCapacity(ordersPerSecond, costs);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw new UsageError(`${file} can't be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function buildCostsOf(given: unknown): Costs {
  try {
    return buildCosts(given);
  } catch (error) {
    if (error instanceof z.ZodError) throw new UsageError(`The costs make no sense.\n${z.prettifyError(error)}`);
    throw error;
  }
}

function formatCapacity({ ordersPerSecond, installations, each, monthly, engineTb }: Capacity): string {
  return formatFields([
    ['orders a second', formatNumber(ordersPerSecond)],
    ['installations', `${installations}, each for ${formatNumber(each.ordersPerSecond)} orders a second, with`],
    ['  APIs', `${each.apis.processes} on a core each, ${formatNumber(each.apis.memoryGb)} GB`],
    ['  workers', `${each.workers.processes} on a core each, ${formatNumber(each.workers.memoryGb)} GB`],
    ['  hearing of all orders', `${formatNumber(each.hearingShare * 100)} % of each process`],
    ['  Temporal', `${each.engineCores} cores`],
    ['    history a second', `${formatNumber(each.historyEventsPerSecond)} events, ${formatNumber(each.historyMb)} MB`],
    ['    history shards', `${each.historyShards}, for good`],
    ['    task queue partitions', String(each.taskQueuePartitions)],
    [
      '    its database',
      `${each.engineDatabaseCores} cores, writes ${formatNumber(each.engineDatabaseWalMb)} MB of log a second`,
    ],
    ['  database', `${each.databaseCores} cores, writes ${formatNumber(each.databaseWalMb)} MB of log a second`],
    [
      '    statements a second',
      `${formatNumber(each.statementsPerSecond)}, ${formatNumber(each.idleStatementsPerSecond)} of them only to look`,
    ],
    ['    connections', `up to ${each.connections}, and ${each.listeners} of them hear of every order`],
    ['    orders announced a second', formatNumber(each.hintsPerSecond)],
    ['    replicas for reading', String(each.readReplicas)],
    [
      'a month',
      `${formatNumber(monthly.orders)} orders, ${formatNumber(monthly.rows)} rows, ${formatNumber(monthly.tb)} TB`,
    ],
    ["in Temporal's databases", `${formatNumber(engineTb)} TB`],
  ]);
}

function formatSale({
  firstMinute,
  orders,
  longestAcceptMs,
  largestBacklog,
  confirmMs,
  doneAfterSeconds,
}: SaleOutcome): string {
  const shown = firstMinute.filter(({ second }) => second < 5 || second % 10 === 9);
  const seconds = formatTable(
    [
      { title: 'second', of: ({ second }) => String(second + 1), align: 'right' },
      { title: 'arrived', of: ({ arrived }) => formatNumber(arrived), align: 'right' },
      { title: 'accepted', of: ({ accepted }) => formatNumber(accepted), align: 'right' },
      { title: 'started', of: ({ started }) => formatNumber(started), align: 'right' },
      { title: 'backlog', of: ({ backlog }) => formatNumber(backlog), align: 'right' },
    ],
    shown,
  );
  const summary = formatFields([
    ["orders of a sale's first minute", formatNumber(orders)],
    ['accepted after at most', formatSeconds(longestAcceptMs)],
    ['largest backlog', `${formatNumber(largestBacklog)} orders`],
    [
      'confirmed after',
      `${formatSeconds(confirmMs.p50)} (p50), ${formatSeconds(confirmMs.p99)} (p99), ${formatSeconds(confirmMs.max)} (last)`,
    ],
    ['all confirmed', `${formatNumber(doneAfterSeconds)} s after its beginning`],
  ]);
  return `${summary}\n\n${seconds}`;
}

function formatCosts(costs: Costs): string {
  const entries = Object.entries(measuredCosts) as [keyof Costs, (typeof measuredCosts)[keyof Costs]][];
  return formatTable(
    [
      { title: 'cost', of: ([name]) => name },
      { title: 'value', of: ([name]) => String(costs[name]), align: 'right' },
      { title: 'unit', of: ([, { unit }]) => unit },
      { title: 'from', of: ([name, { value, source }]) => (costs[name] === value ? source : 'given') },
    ],
    entries,
  );
}

function formatSeconds(milliseconds: number): string {
  return `${formatNumber(milliseconds / 1_000)} s`;
}

/** Three digits say all that an estimate knows. */
function formatNumber(value: number): string {
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 3 }).replaceAll(',', ' ');
}
