import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenApiDocument } from '../http/openapi-contract.ts';
import type { Seeded } from './seed-system.ts';

/** As whom a run asks, for how long, and where it finds what. */
export interface FuzzRun {
  readonly name: string;
  readonly program: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly seeded: Seeded;
  readonly document: OpenApiDocument;
  readonly seed: number;
  readonly seconds: number;
  readonly folder: string;
}

/** What a run came to: whether every check held, what it wrote, and how often each operation answered with each status. */
export interface FuzzResult {
  readonly name: string;
  readonly isFine: boolean;
  readonly output: string;
  readonly answers: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** Where an id is a webhook endpoint's. */
const ENDPOINTS = '/api/v1/webhook-endpoints/';

/** Its time covers what it does after loading, and a case under way ends; one that takes longer hangs. */
const EXTRA_MS = 30_000;

/** Runs every check of schemathesis on every operation of the API at `apiUrl`. */
export async function runSchemathesis(run: FuzzRun): Promise<FuzzResult> {
  const config = join(run.folder, `${run.name}.toml`);
  const report = join(run.folder, `${run.name}.ndjson`);
  const document = join(run.folder, `${run.name}.json`);
  await writeFile(config, configuration(run));
  await writeFile(document, JSON.stringify(withExamples(run)));
  const options = {
    url: run.apiUrl,
    header: `Authorization: Bearer ${run.token}`,
    checks: 'all',
    // DELETE cancels an order, and a cancelled order can still be read.
    'exclude-checks': 'use_after_free',
    seed: String(run.seed),
    'max-time': String(run.seconds),
    'generation-database': 'none',
    report: 'ndjson',
    'report-ndjson-path': report,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { output, code } = await execute(
    run.program,
    ['--config-file', config, '--no-color', 'run', document, '--continue-on-failure', ...args],
    run,
  );
  const answers = countAnswers(await readFile(report, 'utf8').catch(() => ''));
  return { name: run.name, isFine: code === 0, output, answers };
}

/** The document with examples of path parameters that exist, so that each operation is asked for something that is there. */
function withExamples({ document, seeded }: FuzzRun): OpenApiDocument {
  const copy = structuredClone(document);
  for (const [path, methods] of Object.entries(copy.paths)) {
    const id = path.startsWith(ENDPOINTS) ? seeded.endpoints[0] : seeded.examples['id'];
    const examples: Readonly<Record<string, string>> = { ...seeded.examples, id: id ?? '' };
    for (const parameter of Object.values(methods).flatMap(({ parameters = [] }) => parameters)) {
      const example = parameter.in === 'path' ? examples[parameter.name] : undefined;
      if (example !== undefined) Object.assign(parameter, { example, schema: { ...parameter.schema, example } });
    }
  }
  return copy;
}

/**
 * Half of all ids are those of orders that exist. A request that fits its schema may still be refused by a rule, wherever something is
 * to change, a cursor is taken up or a time has an end; anywhere else it must be answered.
 */
function configuration({ seeded, document }: FuzzRun): string {
  const operations = Object.values(document.paths).flatMap((methods) => Object.entries(methods));
  const ruled = operations
    .filter(
      ([method, { parameters }]) =>
        method !== 'get' || parameters?.some(({ name }) => name === 'cursor' || name === 'from'),
    )
    .map(([, { operationId }]) => operationId);
  const ofEndpoints = Object.entries(document.paths)
    .filter(([path]) => path.startsWith(ENDPOINTS))
    .flatMap(([, methods]) => Object.values(methods).map(({ operationId }) => operationId));
  return `
# A stream goes on for as long as the order does.
max-stream-events = 1

[dictionaries]
orders = { values = ${JSON.stringify(seeded.orders)} }
unpaid = { values = ${JSON.stringify(seeded.unpaid)} }
endpoints = { values = ${JSON.stringify(seeded.endpoints)} }

[parameters]
"path.id" = { dictionary = "orders", probability = 0.5 }

[[operations]]
include-operation-id = ${JSON.stringify(ruled)}
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 402, 403, 404, 409, 412, 415, 422, 503]

[[operations]]
include-operation-id = ${JSON.stringify(ofEndpoints)}
parameters."path.id" = { dictionary = "endpoints", probability = 0.8 }
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 402, 403, 404, 409, 412, 415, 422, 503]

[[operations]]
include-operation-id = "retryPayment"
parameters."path.id" = { dictionary = "unpaid", probability = 0.8 }
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 402, 403, 404, 409, 412, 415, 422, 503]
`;
}

async function execute(program: string, args: string[], { folder, seconds }: FuzzRun) {
  // In a folder of its own: it leaves what it found lying about.
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, COLUMNS: '120' } });
  const stop = () => child.kill('SIGKILL');
  const timer = setTimeout(stop, seconds * 1_000 + EXTRA_MS);
  process.once('exit', stop);
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  process.off('exit', stop);
  return { code, output: code === null ? `${output}\nIt did not end in time.` : output };
}

interface Line {
  readonly ScenarioFinished?: {
    readonly recorder?: {
      readonly cases?: Readonly<Record<string, { readonly value: { readonly method: string; readonly path: string } }>>;
      readonly interactions?: Readonly<
        Record<string, { readonly response?: { readonly status_code?: number } | null }>
      >;
    };
  };
}

function countAnswers(report: string): Map<string, Map<number, number>> {
  const counts = new Map<string, Map<number, number>>();
  for (const line of report.split('\n').filter(Boolean)) {
    const { cases = {}, interactions = {} } = (JSON.parse(line) as Line).ScenarioFinished?.recorder ?? {};
    for (const [id, { response }] of Object.entries(interactions)) {
      const value = cases[id]?.value;
      const status = response?.status_code;
      if (value === undefined || status === undefined) continue;
      const operation = `${value.method} ${value.path}`;
      const ofIt = counts.get(operation) ?? new Map<number, number>();
      counts.set(operation, ofIt.set(status, (ofIt.get(status) ?? 0) + 1));
    }
  }
  return counts;
}
