import { alignColumns } from '../src/cli/text-table.ts';
import type { FleetReport, ProcessFigures } from './fleet.ts';

/** Formats what so many processes did, and what each of them took. */
export function formatFleet(report: FleetReport): string {
  const { ordersPerSecond, latencyMs, confirmed, others, processes, serversCpuMsPerOrder, writesPerOrder } = report;
  const ownCpuMs = sumCpuMs(processes);
  const allCpuMs = ownCpuMs + Object.values(serversCpuMsPerOrder).reduce((sum, value) => sum + value, 0);
  const failures = Object.entries(others).map(([label, count]) => `${count} × ${label}`);
  return [
    '',
    `${report.api} APIs and ${report.workers} workers: ${confirmed} orders confirmed, ${ordersPerSecond.toFixed(1)} a second, ` +
      `p50 ${latencyMs.p50.toFixed(0)} ms, p99 ${latencyMs.p99.toFixed(0)} ms`,
    ...(failures.length === 0 ? [] : [`anything else: ${failures.join(', ')}`]),
    `orders a second per core: ${perCore(ownCpuMs)} of the product's processes, ${perCore(allCpuMs)} with the servers`,
    `CPU ms an order: the product ${ownCpuMs.toFixed(1)}, ${formatNumbers(serversCpuMsPerOrder, 1)}`,
    `the database, an order: ${formatNumbers(writesPerOrder, 1)}`,
    `each connection that listens hears ${report.hintsPerOrder.toFixed(1)} hints an order in ${report.notificationsPerOrder.toFixed(1)} notifications`,
    '',
    ...formatProcesses(processes),
  ].join('\n');
}

const rows: readonly (readonly [string, (figures: ProcessFigures) => string])[] = [
  ['CPU ms an order', ({ cpuMsPerOrder }) => cpuMsPerOrder.toFixed(1)],
  ['memory, MB', ({ residentMb }) => residentMb.toFixed(0)],
  ['connections to the database', ({ connections }) => String(connections)],
  ['  of which listen', ({ listening }) => String(listening)],
  ['locks held at a time, mean', ({ meanLocks }) => meanLocks.toFixed(1)],
  ['locks waited for at a time, max', ({ maxWaiting }) => String(maxWaiting)],
  ['statements an order', ({ statementsPerOrder }) => statementsPerOrder.toFixed(2)],
  ['statements a second at rest', ({ idleStatementsPerSecond }) => idleStatementsPerSecond.toFixed(1)],
  ['CPU ms a second at rest', ({ idleCpuMsPerSecond }) => idleCpuMsPerSecond.toFixed(0)],
  ['open polls of Temporal', ({ pollers }) => String(pollers)],
  ['a scrape, ms', ({ scrapeMs }) => scrapeMs.toFixed(1)],
  ['a scrape, kB', ({ scrapeBytes }) => (scrapeBytes / 1_000).toFixed(0)],
];

function formatProcesses(processes: FleetReport['processes']): string[] {
  const columns = Object.entries(processes);
  return alignColumns(
    [
      ['', ...columns.map(([name]) => name)],
      ...rows.map(([label, cell]) => [label, ...columns.map(([, figures]) => cell(figures))]),
    ],
    ['left', ...columns.map(() => 'right' as const)],
  );
}

function sumCpuMs(processes: FleetReport['processes']): number {
  return Object.values(processes).reduce((sum, { cpuMsPerOrder }) => sum + cpuMsPerOrder, 0);
}

function perCore(cpuMs: number): string {
  return (1_000 / cpuMs).toFixed(1);
}

function formatNumbers(values: Readonly<Record<string, number>>, digits: number): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value.toFixed(digits)}`)
    .join(', ');
}
