import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SharedServers } from '../setup/shared-servers.ts';
import type { Guard } from './guard.ts';

/** Whether a test noticed that a guard was gone, and if not, what happened instead. */
export type Finding = { readonly isCaught: true } | { readonly isCaught: false; readonly why: string };

/** What all tries share. */
export interface Surroundings {
  /** Where the copies of the sources lie. */
  readonly folder: string;
  readonly servers: SharedServers;
  /** The bundle of the workflows as they are. */
  readonly workflowBundle: string;
}

const root = join(import.meta.dirname, '../..');

/** What a test may read of the project. */
const sources = [
  'src',
  // The sandbox is held to the documents of its services.
  'docs/services',
  'workflows',
  'activities',
  'migrations',
  'dev',
  'test',
  '.config',
  'package.json',
  'tsconfig.json',
];

/** A wait that is in vain ends after this: the quickest tests wait for a few hundred milliseconds, the slowest for a restart. */
const WAIT_LIMIT_MS = 12_000;

/** Starting, one test, and its hooks; more means that it hangs. */
const RUN_LIMIT_MS = 180_000;

const report = z.object({
  testResults: z.array(
    z.object({
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** Runs a guard's test on a copy of the sources without the guard: it has to fail, and by what it asserts. */
export async function tryWithout(guard: Guard, { folder, servers, workflowBundle }: Surroundings): Promise<Finding> {
  const copy = await mkdtemp(join(folder, 'copy-'));
  try {
    for (const source of sources) await cp(join(root, source), join(copy, source), { recursive: true });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    const problem = await takeOut(guard, join(copy, guard.file));
    if (problem !== undefined) return { isCaught: false, why: problem };
    const isInBundle = guard.file.startsWith('workflows/') || guard.file.startsWith('src/domain/');
    return judge(guard, await runTest(guard, copy, { ...servers, ...(!isInBundle && { workflowBundle }) }));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function takeOut({ file, find, replace }: Guard, path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8');
  const count = text.split(find).length - 1;
  if (count !== 1) return `the guard stands in ${file} ${count} times and not once: the table is out of date`;
  await writeFile(
    path,
    text.replace(find, () => replace),
  );
  return undefined;
}

async function runTest({ test: [file, title] }: Guard, copy: string, servers: object): Promise<string> {
  const outputFile = join(copy, 'report.json');
  await mkdir(join(copy, 'tmp'));
  const args = ['run', '--config', '.config/vitest.config.ts', file, '-t', `^${escape(title)}$`];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: copy,
    env: {
      ...process.env,
      TEST_SERVERS: JSON.stringify(servers),
      TEST_WAIT_LIMIT_MS: String(WAIT_LIMIT_MS),
      TEST_REPORT: outputFile,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_LIMIT_MS,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  await once(child, 'close');
  return readFile(outputFile, 'utf8').catch(() => output);
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function judge({ test: [file, title], fails = 'AssertionError: ' }: Guard, output: string): Finding {
  const parsed = report.safeParse(json(output));
  if (!parsed.success) return { isCaught: false, why: `no report of a run:\n${output}` };
  const tests = parsed.data.testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = tests.filter((one) => [...one.ancestorTitles, one.title].join(' > ') === title);
  if (named.length !== 1) return { isCaught: false, why: `${file} has ${named.length} tests of this title` };
  const [{ status, failureMessages }] = named as [(typeof named)[number]];
  const failures = failureMessages ?? [];
  if (status === 'failed' && failures.some((message) => message.includes(fails))) return { isCaught: true };
  const told = [...failures, ...parsed.data.testResults.map(({ message }) => message ?? '')].join('\n').slice(0, 2_000);
  return { isCaught: false, why: `the test ${status}, which is no failure with "${fails}"\n${told}` };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
