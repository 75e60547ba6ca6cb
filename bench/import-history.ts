import { openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { alignColumns } from '../src/cli/text-table.ts';
import { fileShapes, writeOrderFile, type FileShape, type OrderFile } from './import-files.ts';
import type { PartContext, PartReport } from './part.ts';
import { createWatch, type Watch, type Watched } from './watch-system.ts';

const MAX_DRY_RUN_SECONDS = 30;
const MIN_RATE = 5_000;
const MAX_ABOVE_IDLE_MB = 300;
const MAX_READ_P99_MS = 50;
/** What the promise of a dry run is about. */
const PROMISED_MB = 100;
/** Each look counts the orders of the import. */
const LOOK_AGAIN_MS = 1_000;
const LOOKS_BETWEEN_TELLING = 20;
const MEGABYTE = 1_000_000;

/** One measured step of one file. */
interface Row extends Omit<Watched<unknown>, 'result'> {
  readonly shape: FileShape;
  readonly step: 'dry run' | 'upload' | 'take in';
  readonly file: OrderFile;
  /** Orders that came out as they should. */
  readonly orders: number;
}

/** Measures dry runs of files of every shape, and how fast those of past orders are taken in as they stood, while others read. */
export async function benchHistory(context: PartContext): Promise<PartReport> {
  const { imports, dataDir, say } = context;
  const watch = await createWatch(context);
  const rows: Row[] = [];
  for (const shape of fileShapes) {
    const path = join(dataDir, 'import.csv');
    say(`writing a file of ${imports.megabytes} MB: ${shape}`);
    const file = await writeOrderFile(path, shape, { bytes: imports.megabytes * MEGABYTE, run: uuidv7().slice(-8) });
    try {
      say(`dry run of ${file.orders} orders in ${file.rows} rows`);
      rows.push(await dryRun(context, watch, shape, file));
      if (shape === 'one order') continue;
      say('taking them in');
      rows.push(...(await takeIn(context, watch, shape, file)));
    } finally {
      await rm(path, { force: true });
    }
  }
  return { facts: formatRows(rows), targets: targetsOf(rows, imports.megabytes) };
}

async function dryRun(context: PartContext, watch: Watch, shape: FileShape, file: OrderFile): Promise<Row> {
  const { result, ...watched } = await watch(async () => {
    const answer = await send(context, file, 'mode=history&dry_run=true');
    return (await answer.json()) as { orders: number; refused: number };
  });
  return { shape, step: 'dry run', file, orders: result.orders - result.refused, ...watched };
}

async function takeIn(context: PartContext, watch: Watch, shape: FileShape, file: OrderFile): Promise<Row[]> {
  const { result: id, ...uploaded } = await watch(async () => {
    const answer = await send(context, file, 'mode=history');
    return ((await answer.json()) as Progress).id;
  });
  const { result: orders, ...taken } = await watch(() => waitForEnd(context, id));
  return [
    { shape, step: 'upload', file, orders: file.orders, ...uploaded },
    { shape, step: 'take in', file, orders, ...taken },
  ];
}

async function send({ system, authorization, signal }: PartContext, file: OrderFile, query: string): Promise<Response> {
  const answer = await fetch(new URL(`/api/v1/imports?${query}`, system.running().apiUrl), {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv' },
    body: await openAsBlob(file.path),
    signal,
  });
  if (!answer.ok) throw new Error(`POST /imports?${query} answered ${answer.status} ${await answer.text()}`);
  return answer;
}

interface Progress {
  readonly id: string;
  readonly status: string;
  readonly confirmed: number;
  readonly pending: number;
}

/** How many orders were taken in. */
async function waitForEnd({ system, authorization, signal, say }: PartContext, id: string): Promise<number> {
  for (let look = 1; ; look += 1) {
    await delay(LOOK_AGAIN_MS, undefined, { signal });
    const now = await fetch(new URL(`/api/v1/imports/${id}`, system.running().apiUrl), {
      headers: { authorization },
      signal,
    });
    if (!now.ok) throw new Error(`GET /imports/${id} answered ${now.status} ${await now.text()}`);
    const { status, confirmed, pending } = (await now.json()) as Progress;
    if (status === 'COMPLETED') return confirmed;
    if (status !== 'RUNNING') throw new Error(`The import ${id} is ${status}.`);
    if (look % LOOKS_BETWEEN_TELLING === 0) say(`${confirmed} taken in, ${pending} to go`);
  }
}

function formatRows(rows: readonly Row[]): string[] {
  const cells = rows.map(({ shape, step, file, orders, seconds, cpuSeconds, aboveIdleMb, readP99Ms }) => [
    `${shape}, ${step}`,
    (file.bytes / MEGABYTE).toFixed(0),
    String(file.rows),
    String(orders),
    seconds.toFixed(1),
    (orders / seconds).toFixed(0),
    (cpuSeconds['app'] ?? Number.NaN).toFixed(1),
    (cpuSeconds['postgres'] ?? Number.NaN).toFixed(1),
    (cpuSeconds['temporal'] ?? Number.NaN).toFixed(1),
    aboveIdleMb?.toFixed(0) ?? 'not visible',
    readP99Ms.toFixed(0),
  ]);
  const head = [
    '',
    'MB',
    'rows',
    'orders',
    's',
    'orders/s',
    'CPU s: app',
    'postgres',
    'temporal',
    'MB above idle',
    'p99 of reads, ms',
  ];
  return alignColumns([head, ...cells], ['left', ...head.slice(1).map(() => 'right' as const)]);
}

/** NaN where one of them was not measured. */
function most(of: readonly (number | undefined)[]): number {
  return Math.max(...of.map((one) => one ?? Number.NaN));
}

function targetsOf(rows: readonly Row[], megabytes: number): PartReport['targets'] {
  const dryRuns = rows.filter(({ step }) => step === 'dry run');
  const longest = (most(dryRuns.map(({ seconds }) => seconds)) * PROMISED_MB) / megabytes;
  const slowest = Math.min(...rows.filter(({ step }) => step === 'take in').map((row) => row.orders / row.seconds));
  const memory = most(rows.map(({ aboveIdleMb }) => aboveIdleMb));
  const readP99Ms = most(rows.map((row) => row.readP99Ms));
  return [
    {
      name: `a dry run of ${PROMISED_MB} MB takes under ${MAX_DRY_RUN_SECONDS} s, whatever its shape`,
      measured: longest,
      met: longest < MAX_DRY_RUN_SECONDS,
    },
    { name: `past orders are taken in at ${MIN_RATE} a second`, measured: slowest, met: slowest >= MIN_RATE },
    {
      name: `under ${MAX_ABOVE_IDLE_MB} MB beyond idle`,
      measured: Number.isNaN(memory) ? undefined : memory,
      met: Number.isNaN(memory) ? undefined : memory < MAX_ABOVE_IDLE_MB,
    },
    {
      name: `p99 of reads under ${MAX_READ_P99_MS} ms meanwhile`,
      measured: readP99Ms,
      met: readP99Ms < MAX_READ_P99_MS,
    },
  ];
}
