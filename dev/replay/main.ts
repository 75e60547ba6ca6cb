import { Command, InvalidArgumentError } from 'commander';
import { readRunningSystem } from '../../src/cli/local-system/running-system.ts';
import { readTokenSettings, signToken } from '../../src/cli/local-system/sign-token.ts';
import { createHttpClient } from './http-client.ts';
import { readInvoices } from './read-invoices.ts';
import { replay } from './replay.ts';
import { ReplayError } from './replay-error.ts';
import { formatJsonLine, formatTable } from './report.ts';

/** Longer than any restart takes. */
const DEFAULT_PATIENCE_SECONDS = 300;

/** Longer than any file takes. */
const TOKEN_MS = 24 * 3_600_000;

const program = new Command('replay')
  .description("Puts a real shop's file of invoices through the running system and reconciles orders, money and stock.")
  .argument(
    '<file>',
    'CSV with InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country',
  )
  .option('--concurrency <n>', 'orders in flight', parsePositiveInteger, 32)
  .option(
    '--patience <seconds>',
    'how long to wait for a service that is unavailable',
    parsePositiveInteger,
    DEFAULT_PATIENCE_SECONDS,
  )
  .option('--json', 'end with one line of JSON on standard output; everything else goes to standard error', false)
  .addHelpText(
    'after',
    `
Each invoice is one order in GBP, its number the Idempotency-Key, so a second run places nothing twice. Invoices that
begin with C or A are skipped. A row without a customer belongs to "guest"; an unknown country is GB.
A product that is in stock already is left alone; stock is set only where it is missing or too low for the file.
The figures are read from the API and the sandbox; refusals that record no order are known only from their answers.
Stock is compared for all orders of the system between start and end: orders of others that are in flight at either moment,
and stock set by hand in between, show as drift.
Exit code: 0 everything balances, 1 something does not or the replay could not run, 2 wrong usage.
Settings: with API_URL, SANDBOX_URL and JWT_SECRET it uses another system than that of \`npm start\`.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

/** Runs the command line; sets the exit code. */
async function run(): Promise<void> {
  const options = program.parse().opts<{ concurrency: number; patience: number; json: boolean }>();
  const invoices = await readInvoices(program.args[0] ?? '');
  const patienceMs = options.patience * 1_000;
  const clients = await connect(patienceMs);
  const { result, seconds } = await replay(invoices, { ...clients, concurrency: options.concurrency, patienceMs });
  if (options.json) {
    console.error(formatTable(result, seconds));
    console.log(formatJsonLine(result, seconds));
  } else {
    console.log(formatTable(result, seconds));
  }
  process.exitCode = result.breaches.length === 0 ? 0 : 1;
}

async function connect(patienceMs: number) {
  const system = readRunningSystem();
  if (system === undefined) throw new ReplayError('No running system found: start it with `npm start` first.');
  const settings = readTokenSettings();
  if (settings === undefined)
    throw new ReplayError('No secret to sign a token with: set JWT_SECRET to that of the API.');
  const token = await signToken({ sub: 'replay', roles: ['service'], expiresMs: TOKEN_MS }, settings);
  const headers = { authorization: `Bearer ${token}` };
  return {
    api: createHttpClient({ name: 'The API', baseUrl: system.apiUrl, headers, patienceMs }),
    sandbox: createHttpClient({ name: 'The sandbox', baseUrl: system.sandboxUrl, patienceMs }),
  };
}

function parsePositiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

try {
  await run();
} catch (error) {
  if (!(error instanceof ReplayError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
