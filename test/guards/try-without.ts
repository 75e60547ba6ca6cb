import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVitest, type TestCase, type Vitest } from 'vitest/node';
import { bundleWorkflows } from '../setup/shared-servers.ts';
import type { Guard } from './guard.ts';

/** Whether a test noticed that a guard was gone, and if not, what happened instead. */
export type Finding = { readonly isCaught: true } | { readonly isCaught: false; readonly why: string };

/** The copy of the sources that this file is part of. */
const root = join(import.meta.dirname, '../..');

/** What runs the tests of guards that were taken out. */
interface Tries {
  /** The guard's test has to fail, and by what it asserts; then the guard is put back. */
  tryWithout(guard: Guard): Promise<Finding>;
  /** Deletes what the runs have left. */
  close(): Promise<void>;
}

/** Gets ready to take guards out of the copy of the sources that this file is part of: one Vitest runs the tests of all of them. */
export async function prepareTries(): Promise<Tries> {
  const cacheFolder = join(root, 'compiled-workflows');
  const workflowBundle = await bundleWorkflows(root, cacheFolder);
  const bundled = await readFile(workflowBundle, 'utf8');
  const servers: unknown = JSON.parse(process.env['TEST_SERVERS'] ?? '{}');
  process.env['TEST_SERVERS'] = JSON.stringify(Object.assign({}, servers, { workflowBundle }));
  const vitest = await createVitest({ root, config: '.config/vitest.config.ts', watch: false, reporters: [{}] });

  const tryWithout = async (guard: Guard): Promise<Finding> => {
    const path = join(root, guard.file);
    const text = await readFile(path, 'utf8');
    const count = text.split(guard.find).length - 1;
    if (count !== 1)
      return missed(`the guard stands in ${guard.file} ${count} times and not once: the table is out of date`);
    const isInBundle = guard.file.startsWith('workflows/') || guard.file.startsWith('src/domain/');
    const write = async (content: string) => {
      await writeFile(path, content);
      vitest.invalidateFile(path);
    };
    await write(text.replace(guard.find, () => guard.replace));
    try {
      if (isInBundle) await bundleWorkflows(root, cacheFolder);
      return judge(guard, await runTest(vitest, guard));
    } finally {
      await write(text);
      if (isInBundle) await writeFile(workflowBundle, bundled);
    }
  };
  return { tryWithout, close: () => vitest.close() };
}

/** The project whose files load everything anew: what a process has loaded before would have the guard. */
const ISOLATED = 'apart';

/** What Vitest says of the tests of the file, those that it left out too. */
async function runTest(vitest: Vitest, { test: [file, title] }: Guard): Promise<Tests> {
  const specification = vitest.getProjectByName(ISOLATED).createSpecification(join(root, file), {
    testNamePattern: new RegExp(`^${escape(title)}$`),
  });
  // Nothing that an earlier run found may be taken for this one's.
  vitest.state.filesMap.clear();
  const { testModules } = await vitest.runTestSpecifications([specification]);
  return {
    cases: testModules.flatMap(({ children }) => [...children.allTests()]),
    errors: testModules.flatMap((module) => module.errors().map(({ message }) => message)),
  };
}

interface Tests {
  readonly cases: readonly TestCase[];
  /** Those of the file and its hooks. */
  readonly errors: readonly string[];
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function judge({ test: [file, title], fails = 'AssertionError: ' }: Guard, { cases, errors }: Tests): Finding {
  const named = cases.filter(({ fullName }) => fullName === title);
  const [one] = named;
  if (one === undefined || named.length > 1) {
    return missed([`${file} has ${named.length} tests of this title`, ...errors].join('\n'));
  }
  const { state, errors: failures = [] } = one.result();
  const messages = failures.map(({ stack, message }) => stack || message);
  if (state === 'failed' && messages.some((message) => message.includes(fails))) return { isCaught: true };
  return missed(
    `the test ${state}, which is no failure with "${fails}"\n${[...messages, ...errors].join('\n').slice(0, 2_000)}`,
  );
}

function missed(why: string): Finding {
  return { isCaught: false, why };
}
