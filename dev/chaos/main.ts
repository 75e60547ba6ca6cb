import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { startKafka, type KafkaBroker } from '../kafka/start-kafka.ts';
import type { HttpRequest } from '../replay/http-client.ts';
import { runChaos } from './chaos.ts';
import { collectEvidence } from './collect-evidence.ts';
import { drawPlan, type ChaosSize } from './plan.ts';
import { victims } from './plan-kills.ts';
import { createRandom } from './random.ts';
import { receiveEvents } from './receive-events.ts';
import { formatTable } from './report.ts';
import { startChaosSystem, type ChaosSystem } from './system.ts';

const size = new Command('chaos')
  .description(
    'Kills API, worker, Temporal and PostgreSQL again and again while orders are placed and services fail, then checks that every promise was kept.',
  )
  .option('--orders <n>', 'how many orders are placed', parseWholeNumber, 500)
  .option('--minutes <n>', 'how long orders come and processes are killed', parsePositiveNumber, 5)
  .option(
    '--seed <n>',
    'repeats the orders, faults and kills of an earlier run',
    parseWholeNumber,
    Math.floor(Math.random() * 2 ** 31),
  )
  .addOption(new Option('--kill <names...>', 'kills nothing but these').choices(victims))
  .option('--kafka', 'sends events to a broker of Kafka too, which is killed as well', false)
  .option('--freeze', 'also stops processes for seconds, with a second worker that takes over meanwhile', false)
  .addHelpText(
    'after',
    `
Runs a system of its own on free ports and throws it away afterwards; one that broke a promise is kept, with evidence.json.
The seed decides what is done and when; how the processes take it is theirs.
Exit code: 0 every promise was kept, 1 one was broken or the run could not be finished, 2 wrong usage.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<ChaosSize>();

const dataDir = await mkdtemp(join(tmpdir(), 'order-saga-chaos-'));
let system: ChaosSystem | undefined;
let broker: KafkaBroker | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void giveUp());

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  console.error(`The run with seed ${size.seed} failed; its data is in ${dataDir}`);
  console.error(error);
  process.exitCode = 1;
} finally {
  await system?.stop();
  await broker?.stop();
  if (process.exitCode === 0) await rm(dataDir, { recursive: true, force: true });
}
process.exit();

/** Runs the plan; returns whether every promise was kept. */
async function run(): Promise<boolean> {
  const plan = drawPlan(size);
  console.log(`Seed ${size.seed}: ${size.orders} orders in ${size.minutes} min, ${JSON.stringify(plan.settings)}`);
  const serverErrors: { request: HttpRequest; status: number }[] = [];
  const onFailure = (request: HttpRequest, status: number | undefined) => {
    if (status !== undefined && status >= 500 && status !== 503) serverErrors.push({ request, status });
  };
  const receiver = await receiveEvents(createRandom(size.seed));
  if (size.kafka === true) broker = await startBroker();
  const settings = { ...plan.settings, ...receiver.settings, ...broker?.settings };
  system = await startChaosSystem({ dataDir, settings, onFailure, hasSecondWorker: size.freeze === true });
  const result = await runChaos(system, plan, { serverErrors, received: receiver.received, broker });
  console.log(formatTable(result, size));
  const breaches = result.verdicts.flatMap((verdict) => verdict.breaches);
  if (breaches.length === 0) return true;
  const evidence = join(dataDir, 'evidence.json');
  await writeFile(evidence, JSON.stringify(await collectEvidence(system, breaches), undefined, 2));
  console.log(`See ${evidence}, and for the system as it was left: DATA_DIR=${dataDir} npm start`);
  return false;
}

async function startBroker(): Promise<KafkaBroker> {
  const folder = join(dataDir, 'kafka');
  await mkdir(folder);
  return await startKafka({ folder });
}

async function giveUp(): Promise<void> {
  await system?.stop();
  await broker?.stop();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(1);
}

function parseWholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function parsePositiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
