import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { requireEveryAnswer } from './require-every-answer.ts';
import { bundleWorkflows, startSharedServers, type SharedServers } from './shared-servers.ts';

declare module 'vitest' {
  /** What the servers of a test run are, for `inject`. */
  export interface ProvidedContext extends SharedServers {
    /** The workflows' bundle. */
    workflowBundle: string;
    /** Where tests write down which documented answers they got, a line for each. */
    answersFile: string;
  }
}

let folder: string | undefined;
let stop: (() => Promise<void>) | undefined;

/** Starts the servers of one test run and bundles the workflows, unless TEST_SERVERS says (as JSON) where there are some. */
export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-test-'));
  const answersFile = join(folder, 'answers');
  await writeFile(answersFile, '');
  project.provide('answersFile', answersFile);
  keepCompiledCode(project, folder);
  const given = JSON.parse(process.env['TEST_SERVERS'] ?? '{}') as Partial<SharedServers & { workflowBundle: string }>;
  const starting = isWhole(given) ? Promise.resolve(given) : start(folder);
  const bundling = given.workflowBundle ? Promise.resolve(given.workflowBundle) : bundleWorkflows(folder);
  // Whichever fails, the other is waited for: what it started has to be stopped.
  await Promise.allSettled([starting, bundling]);
  try {
    const servers = await starting;
    const workflowBundle = await bundling;
    project.provide('postgresUrl', servers.postgresUrl);
    project.provide('temporalAddress', servers.temporalAddress);
    project.provide('temporalCli', servers.temporalCli);
    project.provide('timeSkippingServer', servers.timeSkippingServer);
    project.provide('workflowBundle', workflowBundle);
  } catch (error) {
    await teardown();
    throw error;
  }
}

/** Stops the servers that it started and deletes their data. */
export async function teardown(): Promise<void> {
  await stop?.();
  if (folder) await requireEveryAnswer(join(folder, 'answers'));
  if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Most files and the processes that they start load the same code, which is compiled once. What coverage counts is compiled each time, to be exact. */
function keepCompiledCode(project: TestProject, dataFolder: string): void {
  if (!project.vitest.config.coverage.enabled) process.env['NODE_COMPILE_CACHE'] = join(dataFolder, 'compiled-code');
}

function isWhole(given: Partial<SharedServers>): given is SharedServers {
  return given.postgresUrl !== undefined;
}

async function start(dataFolder: string): Promise<SharedServers> {
  const started = await startSharedServers(dataFolder);
  stop = started.stop;
  return started.servers;
}
