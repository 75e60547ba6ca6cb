import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { orderSearchAttributes } from '../../src/domain/search-attributes.ts';
import { freePort } from './free-port.ts';
import { describeExit, type LogLine, type ServerProcess, spawnServer } from './server-process.ts';

/** A running Temporal dev server with a namespace `default`; without `uiPort` it has no Web UI. */
export interface TemporalServer extends ServerProcess {
  address: string;
  uiUrl: string | undefined;
}

/** Which binary, on which ports, and the file of its data (in memory without `dbFile`). */
export interface TemporalServerOptions {
  cli: string;
  port: number;
  uiPort?: number;
  dbFile?: string;
  dynamicConfig?: Record<string, string | number | boolean>;
  log: LogLine;
}

// A start takes a second; after a crash the database file is recovered first.
const START_LIMIT_MS = 60_000;

const searchAttributeTypes = { KEYWORD: 'Keyword', BOOL: 'Bool', INT: 'Int' } as const;

/** The dev server's defaults are those of a small shared cluster; on one machine they would limit or delay orders. */
const dynamicConfig = {
  'system.enableEagerWorkflowStart': true,
  'system.forceSearchAttributesCacheRefreshOnRead': true,
  'system.namespaceCacheRefreshInterval': '1s',
  'frontend.rps': 100_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.namespaceRPS.visibility': 1_000,
  'frontend.namespaceRPS.namespaceReplicationInducingAPIs': 1_000,
  'history.rps': 100_000,
  'matching.rps': 100_000,
};

/** Starts a Temporal dev server on 127.0.0.1 with our search attributes; rejects when it does not become healthy. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  if (options.dbFile) await mkdir(dirname(options.dbFile), { recursive: true });
  const lastLines: string[] = [];
  const log = (line: string) => {
    if (lastLines.push(line) > 5) lastLines.shift();
    options.log(line);
  };
  const args = await buildServerArguments(options);
  const server = await spawnServer({ command: options.cli, args, log, stopSignal: 'SIGTERM' });
  const address = `127.0.0.1:${options.port}`;
  const failure = await waitUntilHealthy(address, server);
  if (failure !== undefined) {
    await server.stop();
    throw new Error(`${failure}: ${lastLines.join(' / ')}`);
  }
  return { ...server, address, uiUrl: options.uiPort === undefined ? undefined : `http://127.0.0.1:${options.uiPort}` };
}

async function buildServerArguments(options: TemporalServerOptions): Promise<string[]> {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--log-format', 'json'];
  // Its default is a fixed offset from its other ports, on which two servers collide.
  args.push('--http-port', String(await freePort()));
  args.push(...(options.uiPort === undefined ? ['--headless'] : ['--ui-port', String(options.uiPort)]));
  if (options.dbFile) {
    args.push('--db-filename', options.dbFile);
    // A commit then needs no sync; the write-ahead log keeps the file consistent when a process is killed.
    args.push('--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL');
  }
  for (const { name, type } of orderSearchAttributes) {
    args.push('--search-attribute', `${name}=${searchAttributeTypes[type]}`);
  }
  for (const [key, value] of Object.entries({ ...dynamicConfig, ...options.dynamicConfig })) {
    args.push('--dynamic-config-value', `${key}=${JSON.stringify(value)}`);
  }
  return args;
}

/** Waits until the server answers for the namespace `default`; returns the reason when it ends or never does. */
async function waitUntilHealthy(address: string, server: ServerProcess): Promise<string | undefined> {
  const deadline = Date.now() + START_LIMIT_MS;
  const ended = server.exited.then((exit) => `The Temporal server ended with ${describeExit(exit)}`);
  const connection = Connection.lazy({ address });
  try {
    while (Date.now() < deadline) {
      const request = connection.workflowService.describeNamespace({ namespace: 'default' });
      const outcome = await Promise.race([ended, request.then(() => 'healthy').catch(() => 'not yet')]);
      if (outcome === 'healthy') return undefined;
      const failure = outcome === 'not yet' ? await Promise.race([ended, delay(50, undefined)]) : outcome;
      if (failure !== undefined) return failure;
    }
    return `The Temporal server does not answer after ${START_LIMIT_MS / 1000} s`;
  } finally {
    await connection.close();
  }
}
