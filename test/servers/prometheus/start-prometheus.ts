import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { freePort } from '../../../dev/local/free-port.ts';
import { spawnServer } from '../../../dev/local/server-process.ts';
import { eventually } from '../../setup/eventually.ts';
import { findDebianProgram } from '../setup/find-program.ts';
import { prometheusFolder } from './read-rules.ts';

/** A series of an answer: its labels and its latest value. */
export type Sample = z.output<typeof sample>;

const sample = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string().transform(Number)]),
});
const answer = z.object({ data: z.object({ result: z.array(sample) }) });
const names = z.object({ data: z.array(z.string()) });
const rules = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            name: z.string(),
            health: z.string(),
            state: z.string().optional(),
            lastError: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
});

/** A Prometheus with the product's rules. */
export interface Prometheus {
  /** Evaluates an expression now; rejects with what is wrong with it. */
  readonly query: (expression: string) => Promise<Sample[]>;
  /** The names of all metrics that were scraped or recorded. */
  readonly metricNames: () => Promise<string[]>;
  /** Every rule, with whether its last evaluation went well and, of an alert, its state. */
  readonly rules: () => Promise<z.output<typeof rules>['data']['groups'][number]['rules']>;
  readonly stop: () => Promise<void>;
}

/** Starts it with the configuration of `deploy/prometheus`, apart from its targets, which it scrapes every second. */
export async function startPrometheus(targets: Readonly<Record<string, readonly string[]>>): Promise<Prometheus> {
  const program = await findDebianProgram('prometheus', 'prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, configure(targets));
  const port = await freePort();
  const said: string[] = [];
  const server = await spawnServer({
    command: program,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    env: {},
    log: (line) => said.push(line),
    stopLimitMs: 10_000,
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/-/ready`)).ok).catch((error: unknown) => {
    throw new Error(`Prometheus did not start:\n${said.join('\n')}`, { cause: error });
  });
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1/${path}`);
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  };
  return {
    query: async (expression) => answer.parse(await get(`query?query=${encodeURIComponent(expression)}`)).data.result,
    metricNames: async () => names.parse(await get('label/__name__/values')).data,
    rules: async () => rules.parse(await get('rules')).data.groups.flatMap((group) => group.rules),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configure(targets: Readonly<Record<string, readonly string[]>>): string {
  const { rule_files: files, ...rest } = z
    .looseObject({ rule_files: z.array(z.string()) })
    .parse(parse(readFileSync(join(prometheusFolder, 'prometheus.yml'), 'utf8')));
  return stringify({
    ...rest,
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    alerting: undefined,
    rule_files: files.map((file) => join(prometheusFolder, file)),
    scrape_configs: Object.entries(targets).map(([name, addresses]) => ({
      job_name: name,
      static_configs: [{ targets: addresses }],
    })),
  });
}
