import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { freePort } from '../../dev/local/free-port.ts';
import { startPostgres } from '../../dev/local/postgres.ts';
import { findTemporalCli } from '../../dev/local/temporal-cli.ts';
import { startTemporalServer } from '../../dev/local/temporal-server.ts';
import { findTimeSkippingServer } from '../../dev/local/time-skipping-server.ts';
import { workflowCode } from '../../src/temporal/workflow-code.ts';
import { createTemplateDatabase, POSTGRES_PASSWORD } from './template-database.ts';
import { WORKFLOW_BUNDLE } from './workflow-bundle.ts';

/** What tests share: servers, and programs that they start for themselves. */
export interface SharedServers {
  /** The PostgreSQL server's maintenance database, as a superuser. */
  readonly postgresUrl: string;
  readonly temporalAddress: string;
  readonly temporalCli: string;
  /** The executable of the time-skipping test server. */
  readonly timeSkippingServer: string;
}

/** Starts them, each on a free port and with data of its own in `folder`, beside whatever else runs. */
export async function startSharedServers(
  folder: string,
): Promise<{ readonly servers: SharedServers; readonly stop: () => Promise<void> }> {
  const started: { stop: () => Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  const outcomes = await Promise.allSettled([
    startDatabase(folder, started),
    startEngine(started),
    findTimeSkippingServer({ progress }),
  ]);
  const [database, temporal, timeSkipping] = outcomes;
  if (database.status === 'fulfilled' && temporal.status === 'fulfilled' && timeSkipping.status === 'fulfilled') {
    return { servers: { ...database.value, ...temporal.value, timeSkippingServer: timeSkipping.value.path }, stop };
  }
  await stop();
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'the test servers could not be started');
}

/**
 * Bundles the workflows once for every worker and replay of a run; returns the bundle's path. What is bundled again and again keeps in `cacheFolder`
 * what has not changed: which that is, the files' contents say.
 */
export async function bundleWorkflows(folder: string, cacheFolder?: string): Promise<string> {
  const file = join(folder, WORKFLOW_BUNDLE);
  const cached = cacheFolder === undefined ? {} : { webpackConfigHook: keepCompiledModules(cacheFolder) };
  const { code } = await bundleWorkflowCode({ ...workflowCode, ...cached, logger: new DefaultLogger('ERROR') });
  // As the tool that measures coverage reads it.
  await writeFile(file, code.replace('data:application/json;charset=utf-8;base64,', 'data:application/json;base64,'));
  return file;
}

type WebpackHook = typeof workflowCode.webpackConfigHook;

function keepCompiledModules(cacheDirectory: string): WebpackHook {
  return (config) => ({
    ...workflowCode.webpackConfigHook(config),
    cache: { type: 'filesystem', cacheDirectory, idleTimeoutForInitialStore: 0 },
    snapshot: { module: { hash: true }, resolve: { hash: true } },
  });
}

async function startDatabase(folder: string, started: { stop: () => Promise<void> }[]) {
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    password: POSTGRES_PASSWORD,
    log: ignore,
    durable: false,
  });
  started.push(postgres);
  await createTemplateDatabase(postgres.url);
  return { postgresUrl: postgres.url };
}

async function startEngine(started: { stop: () => Promise<void> }[]) {
  const temporalCli = await findTemporalCli({ progress });
  const temporal = await startTemporalServer({ cli: temporalCli, port: await freePort(), log: ignore });
  started.push(temporal);
  return { temporalCli, temporalAddress: temporal.address };
}

function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** What a server logs while it runs is of no interest; when it can't start, the error has its last lines. */
function ignore(): void {}
