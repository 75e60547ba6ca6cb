import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { startPrivateSystem, type PrivateSystem } from '../../dev/local/private-system.ts';
import { signToken } from '../../src/cli/local-system/sign-token.ts';
import type { OpenApiDocument } from '../http/openapi-contract.ts';
import { installSchemathesis } from './install-schemathesis.ts';
import { runSchemathesis, type FuzzResult } from './run-schemathesis.ts';
import { seedSystem } from './seed-system.ts';

const options = new Command('fuzz')
  .description(
    'Asks every route of a system of its own for everything and its opposite, and holds each answer against the OpenAPI document.',
  )
  .option('--seed <n>', 'other requests than the usual ones', wholeNumber, 20_261_126)
  .option('--seconds <n>', 'how long it asks', wholeNumber, 90)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ seed: number; seconds: number }>();

/** Longer than any run takes. */
const TOKEN_MS = 3_600_000;

/** A part of the time: a customer may do less, and does it beside the staff. */
const CUSTOMER_SHARE = 0.7;

/** What tells nothing of what an operation does: who asks, what for and by which method was wrong already. */
const beforeAnything = [401, 404, 405];

/** Nobody but the services themselves signs. */
const neverReachable = ['payments', 'inventory', 'shipping', 'stripe'].map(
  (service) => `POST /api/v1/webhooks/${service}`,
);

const folder = await mkdtemp(join(tmpdir(), 'order-saga-fuzz-'));
let system: PrivateSystem | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void giveUp());

try {
  console.log(`Seed ${options.seed}`);
  process.exitCode = (await fuzz()) ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit();

/** Whether every answer was as it should be. */
async function fuzz(): Promise<boolean> {
  const program = await installSchemathesis();
  const said: string[] = [];
  system = await startPrivateSystem({
    dataDir: join(folder, 'data'),
    settings: {
      LOG_FORMAT: 'json',
      // How many requests and declines there are depends on what is drawn, and on the machine.
      RATE_LIMIT: '0',
      PAYMENT_DECLINES_PER_ORDER: '0',
      PAYMENT_DECLINES_PER_CUSTOMER: '0',
    },
    log: (line) => said.push(line),
  });
  const running = system.running();
  const [staff, customer] = await Promise.all([
    signToken({ sub: 'sam', roles: ['service', 'admin'], expiresMs: TOKEN_MS }, running),
    signToken({ sub: 'alice', roles: ['customer'], expiresMs: TOKEN_MS }, running),
  ]);
  const seeded = await seedSystem(running, staff);
  const document = (await (await fetch(`${running.apiUrl}/openapi.json`)).json()) as OpenApiDocument;

  const common = { program, apiUrl: running.apiUrl, seeded, document, seed: options.seed, folder };
  const runs = await Promise.all([
    runSchemathesis({ ...common, name: 'staff', token: staff, seconds: options.seconds }),
    runSchemathesis({
      ...common,
      name: 'customer',
      token: customer,
      seconds: Math.ceil(options.seconds * CUSTOMER_SHARE),
    }),
  ]);
  const faults = said.filter((line) => /"code":"INTERNAL"/.test(line));
  const missed = neverReached(document, runs[0]);
  runs.forEach((run) => tell(document, run));
  if (missed.length > 0) console.error(`Never reached: ${missed.join(', ')}`);
  if (faults.length > 0) console.error(`The system failed:\n${faults.slice(0, 10).join('\n')}`);
  const isFine = runs.every((run) => run.isFine) && missed.length === 0 && faults.length === 0;
  console.log(
    isFine
      ? 'Every answer was as documented.'
      : `Not as it should be; again with: npm run fuzz -- --seed ${options.seed}`,
  );
  return isFine;
}

/** Operations that never came to look at what they were asked: a run of nothing but those has shown little. */
function neverReached(document: OpenApiDocument, { answers }: FuzzResult): string[] {
  return operationsOf(document).filter((operation) => {
    const reached = [...(answers.get(operation)?.keys() ?? [])].some((status) => !beforeAnything.includes(status));
    return !reached && !neverReachable.includes(operation);
  });
}

function operationsOf({ paths }: OpenApiDocument): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

function tell(document: OpenApiDocument, { name, isFine, output, answers }: FuzzResult): void {
  if (!isFine) console.error(output);
  console.log(`\nAs ${name}: ${isFine ? 'every check held' : 'see above'}`);
  for (const operation of operationsOf(document)) {
    const statuses = [...(answers.get(operation) ?? [])].toSorted(([a], [b]) => a - b);
    console.log(`  ${operation.padEnd(40)} ${statuses.map(([status, count]) => `${status}×${count}`).join('  ')}`);
  }
}

async function giveUp(): Promise<void> {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(1);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}
