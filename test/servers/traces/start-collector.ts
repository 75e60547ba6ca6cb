import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { spawnServer } from '../../../dev/local/server-process.ts';
import { eventually } from '../../setup/eventually.ts';
import { findCollector } from '../setup/find-collector.ts';

/** An OpenTelemetry Collector; stopping it passes on first what it has taken. */
export interface Collector {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Starts one that takes traces on `port` by OTLP over HTTP, and passes them on to `target` as JSON. */
export async function startCollector(port: number, target: string): Promise<Collector> {
  const program = await findCollector();
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-collector-'));
  const config = join(folder, 'collector.yaml');
  await writeFile(config, stringify(configure(port, target)));
  const said: string[] = [];
  const { pid, stop } = await spawnServer({
    command: program,
    args: ['--config', config],
    env: {},
    log: (line) => said.push(line),
  });
  await eventually(() => fetch(`http://127.0.0.1:${port}/v1/traces`)).catch((error: unknown) => {
    throw new Error(`The collector did not start:\n${said.join('\n')}`, { cause: error });
  });
  return {
    pid,
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configure(port: number, target: string): object {
  return {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { otlp_http: { endpoint: target, encoding: 'json', compression: 'none' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp_http'] } },
    },
  };
}
