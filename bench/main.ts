import { Command, InvalidArgumentError, Option } from 'commander';
import type { BenchReport, BenchSettings } from './bench.ts';
import { readRunningSystem } from '../src/cli/local-system/running-system.ts';
import { connect } from './connect.ts';
import { benchConsole } from './console.ts';
import { benchEvents } from './events.ts';
import { benchFleet, type FleetReport } from './fleet.ts';
import { formatFleet } from './fleet-report.ts';
import { benchGrpc } from './grpc.ts';
import { benchImports } from './imports.ts';
import { benchKafka } from './kafka.ts';
import { benchLists } from './lists.ts';
import { benchMail } from './mail.ts';
import { benchOverheads } from './overheads.ts';
import { startOwnSystem } from './own-system.ts';
import type { Part, PartReport } from './part.ts';
import { benchPosts } from './posts.ts';
import { startProductionServer } from './production-server.ts';
import { benchReads } from './reads.ts';
import { formatJsonLine, formatTable, formatVerdict } from './report.ts';
import { benchSaga } from './saga.ts';
import { benchSoak } from './soak.ts';

/** The parts that run on the bench's own system, in this order; the saga is measured on the running system. */
const parts = {
  lists: benchLists,
  reads: benchReads,
  console: benchConsole,
  grpc: benchGrpc,
  events: benchEvents,
  imports: benchImports,
  posts: benchPosts,
  soak: benchSoak,
} satisfies Record<string, Part>;
/** The parts that bring servers of their own, or need none. */
const partsApart = { overheads: benchOverheads, kafka: benchKafka, mail: benchMail };
const names = ['saga', ...Object.keys(parts), ...Object.keys(partsApart)];
/** What takes an hour runs only when it is asked for by its name. */
const namesByDefault = names.filter((name) => name !== 'soak');

const program = new Command('bench')
  .description(
    `saga:  places orders in the running system and, in turn with them, on other engines and on workflows without any work.
lists, reads, console, grpc, events, imports, posts:  the API's speed with a million past orders, in a system of its own.
soak:  the memory of API and worker while many orders come at once and until they are confirmed; runs only when it is named.
overheads:  what encryption and traces take for each order, without any server.
kafka:  events from the outbox to a broker, and messages from it, on servers of their own.
mail:  mails through RabbitMQ and a notifier, on servers of their own.
With --api or --workers instead:  orders through many processes, as in production, on servers of their own.`,
  )
  .option('--only <parts...>', `some of ${names.join(', ')}; by default all but soak`, parsePart)
  .option('--seed <n>', "past orders of the bench's own system", parsePositiveInteger, 1_000_000)
  .option('--data-dir <folder>', "keep the bench's own system and its orders there for the next run")
  .option('--rate <n>', 'orders per second of posts', parsePositiveInteger, 1_500)
  .option('--seconds <n>', 'duration of posts in seconds', parsePositiveInteger, 20)
  .option('--import-orders <n>', 'orders of the file that imports places', parsePositiveInteger, 10_000)
  .option('--import-mb <n>', 'megabytes of each file of past orders, of imports', parsePositiveInteger, 100)
  .option('--soak-crowd <n>', 'orders that soak places at once', parsePositiveInteger, 200_000)
  .option('--soak-confirmed <n>', 'how many of them are confirmed before soak ends', parsePositiveInteger, 100_000)
  .option('--orders <n>', 'orders of each round at full load', parsePositiveInteger, 500)
  .option('--concurrency <n>', 'orders in flight at full load', parsePositiveInteger, 32)
  .option('--rounds <n>', 'rounds of saga, each with every contestant', parsePositiveInteger, 2)
  .option('--peers', 'saga: also the same order on DBOS and without an engine, whose libraries are installed', false)
  .addOption(
    new Option(
      '--server <kind>',
      "saga and many processes: a Temporal as it is run in production, with a system of the bench's own",
    ).choices(['postgres']),
  )
  .option('--api <n>', 'only this: the product as so many APIs, with --workers, behind a proxy', parsePositiveInteger)
  .option('--workers <n>', 'and so many workers; each process is counted by itself', parsePositiveInteger)
  .option('--json', 'end with one line of JSON on standard output; everything else goes to standard error', false)
  .addHelpText(
    'after',
    `
The twin is the workflow CreateOrder with the same start options on the same Temporal, with activities that return at once.
The bare ones are workflows of nothing but so many local steps, one change of a search attribute and a wait, on a worker as the SDK
creates it: what the one of a single step reaches is what Temporal allows on this machine. Workflows of both are deleted at the end;
the orders stay. With --server postgres it is Temporal's server 1.32 on a PostgreSQL of its own, built with Go once.
Everything shares the machine, this load generator too: compare ratios and costs per order rather than rates.
Exit code: 0 it ran, whether or not targets are met, 1 it could not run.
Settings: with API_URL, SANDBOX_URL, TEMPORAL_ADDRESS and JWT_SECRET it uses another system than that of \`npm start\`.`,
  );

/** Runs the command line; throws when the system can't be reached or refuses a request of the bench. */
async function run(): Promise<void> {
  const { json, only = namesByDefault, ...settings } = program.parse().opts<Settings>();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort(new Error('Interrupted; stopping everything that was started.'));
    });
  }
  const print = json ? console.error : console.log;
  const wanted = Object.entries(parts).filter(([name]) => only.includes(name));
  const hasSaga = only.includes('saga');
  if (settings.api !== undefined || settings.workers !== undefined) {
    const fleet = await measureFleet({ ...settings, signal: interrupted.signal });
    print(formatFleet(fleet));
    if (json) console.log(JSON.stringify(fleet));
    return;
  }
  const hasRunning = readRunningSystem() !== undefined && settings.server === undefined;
  await using server = settings.server === undefined ? undefined : await startProductionServer(say);
  const isOnOwn = wanted.length > 0 || (hasSaga && !hasRunning);
  await using own = isOnOwn ? await startOwnSystem({ ...settings, temporalAddress: server?.address }, say) : undefined;
  const reports: Record<string, PartReport> = {};
  for (const [name, part] of wanted) {
    if (!own) break;
    const report = await part({
      ...own,
      posts: settings,
      soak: { crowd: settings.soakCrowd, confirmed: settings.soakConfirmed },
      imports: { orders: settings.importOrders, megabytes: settings.importMb },
      signal: interrupted.signal,
      say,
    });
    reports[name] = report;
    print(formatPart(name, report));
  }
  for (const [name, part] of Object.entries(partsApart)) {
    if (!only.includes(name)) continue;
    const report = await part(say);
    reports[name] = report;
    print(formatPart(name, report));
  }
  // The saga is measured on the running system, or without one on the bench's own.
  if (own && !hasRunning) process.env['DATA_DIR'] = own.dataDir;
  const saga = hasSaga
    ? await measureSaga({ ...settings, withPeers: settings.peers, signal: interrupted.signal }, server?.pids)
    : undefined;
  if (saga) print(formatTable(saga));
  if (json) console.log(formatJsonLine(saga, reports));
}

interface Settings extends Omit<BenchSettings, 'signal'> {
  readonly json: boolean;
  readonly only?: string[];
  readonly seed: number;
  readonly dataDir: string | undefined;
  readonly peers: boolean;
  readonly server?: 'postgres';
  readonly rate: number;
  readonly seconds: number;
  readonly importOrders: number;
  readonly importMb: number;
  readonly soakCrowd: number;
  readonly soakConfirmed: number;
  readonly api?: number;
  readonly workers?: number;
}

async function measureFleet(settings: Omit<Settings, 'json'> & Pick<BenchSettings, 'signal'>): Promise<FleetReport> {
  await using server = settings.server === undefined ? undefined : await startProductionServer(say);
  return await benchFleet({ api: settings.api ?? 1, workers: settings.workers ?? 1 }, settings, server, say);
}

function formatPart(name: string, { facts, targets }: PartReport): string {
  return ['', name, ...facts, ...targets.map(formatVerdict)].join('\n');
}

async function measureSaga(
  settings: BenchSettings & { readonly withPeers: boolean },
  pids: Readonly<Record<string, number>> | undefined,
): Promise<BenchReport> {
  await using system = await connect();
  return await benchSaga({ ...system, ...(pids && { pids }) }, settings);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function parsePart(name: string, before: string[] | undefined): string[] {
  if (!names.includes(name)) throw new InvalidArgumentError(`It must be one of ${names.join(', ')}.`);
  return [...(before ?? []), name];
}

function parsePositiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
