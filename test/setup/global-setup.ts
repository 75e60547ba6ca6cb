import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { freePort } from '../../src/local/free-port.ts';
import { type PostgresServer, startPostgres } from '../../src/local/postgres.ts';
import { findTemporalCli } from '../../src/local/temporal-cli.ts';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.ts';
import { findTimeSkippingServer } from '../../src/local/time-skipping-server.ts';
import { createTemplateDatabase } from './template-database.ts';

declare module 'vitest' {
  /** What the servers of a test run are, for `inject`. */
  export interface ProvidedContext {
    /** The PostgreSQL server's maintenance database, as a superuser. */
    postgresUrl: string;
    temporalAddress: string;
    temporalCli: string;
    /** The executable of the time-skipping test server. */
    timeSkippingServer: string;
    /** The workflows' bundle, made once for every worker and replay of the run. */
    workflowBundle: string;
  }
}

let folder: string | undefined;
let postgres: PostgresServer | undefined;
let temporal: TemporalServer | undefined;

/** Starts the servers of one test run, each on a free port and with data of its own, beside whatever else runs. */
export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-test-'));
  const started = await Promise.allSettled([
    providePostgres(project, folder),
    provideTemporal(project),
    provideTimeSkipping(project),
    provideWorkflowBundle(project, folder),
  ]);
  const failures = started.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length === 0) return;
  await teardown();
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'the test servers could not be started');
}

/** Stops the servers and deletes their data. */
export async function teardown(): Promise<void> {
  await Promise.all([postgres?.stop(), temporal?.stop()]);
  if (folder) await rm(folder, { recursive: true, force: true });
}

async function providePostgres(project: TestProject, dataFolder: string): Promise<void> {
  const dataDir = join(dataFolder, 'postgres');
  postgres = await startPostgres({ dataDir, port: await freePort(), log: ignore, durable: false });
  project.provide('postgresUrl', postgres.url);
  await createTemplateDatabase(postgres.url);
}

async function provideTemporal(project: TestProject): Promise<void> {
  const cli = await findTemporalCli({ progress });
  temporal = await startTemporalServer({ cli, port: await freePort(), log: ignore });
  project.provide('temporalCli', cli);
  project.provide('temporalAddress', temporal.address);
}

async function provideTimeSkipping(project: TestProject): Promise<void> {
  project.provide('timeSkippingServer', (await findTimeSkippingServer({ progress })).path);
}

function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** What a server logs while it runs is of no interest; when it can't start, the error has its last lines. */
function ignore(): void {}

async function provideWorkflowBundle(project: TestProject, dataFolder: string): Promise<void> {
  const file = join(dataFolder, 'workflow-bundle.js');
  const workflowsPath = new URL('../../workflows/index.ts', import.meta.url).pathname;
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  await writeFile(file, code);
  project.provide('workflowBundle', file);
}
