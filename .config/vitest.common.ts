import { fileURLToPath } from 'node:url';
import type { Plugin, ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { TESTS_AT_ONCE } from '../test/setup/tests-at-once.ts';
import { WORKFLOW_BUNDLE } from '../test/setup/workflow-bundle.ts';

/** The workflows' code runs from its bundle, as it is: to measure it, its source map has to be that of the very text that ran. */
const leaveBundleAlone: Plugin = {
  name: 'leave-bundle-alone',
  transform: (_, id) => {
    if (id.endsWith(`/${WORKFLOW_BUNDLE}`)) throw new Error('a bundle of workflows is not transformed');
  },
};

/** The longest files, or the rooms that have them: begun first, they don't leave one worker busy alone at the end. */
const longest = [
  'test/saga/',
  'test/e2e/',
  'test/workflows/',
  'test/imports/',
  // Of `npm run test:servers`.
  'test/servers/payment-methods',
  'test/servers/console/',
  'test/servers/systems/imports',
  'test/servers/kafka/',
  'test/servers/refund-payment',
  'test/servers/capture-at-shipment',
  'test/servers/mail/',
  'test/servers/systems/',
  'test/servers/worker-builds',
  'test/servers/rolling-restart',
  'test/servers/hostile-load',
  'test/servers/traces/',
  'test/servers/services/',
  'test/servers/imports/',
  'test/servers/package/',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project: { config } }: TestSpecification) => {
      const index = longest.findIndex((room) => moduleId.includes(`/${room}`));
      // Those that share a process come one after the other: between others it would be ended.
      return (config.isolate ? 0 : longest.length) + (index < 0 ? longest.length : index);
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

/** What may be said of tests. */
export type TestConfig = NonNullable<ViteUserConfig['test']>;

/** What all runs of tests have in common. */
export const run = {
  sequence: { sequencer: LongestFirst },
  teardownTimeout: 60_000,
  passWithNoTests: false,
  // A run that is counted, as in CI, says in TEST_REPORT where its figures go.
  reporters: process.env['TEST_REPORT']
    ? ['default', ['json', { outputFile: process.env['TEST_REPORT'] }]]
    : ['default'],
} satisfies TestConfig;

/** What all tests have in common. */
export const tests = {
  setupFiles: ['test/setup/property-seed.ts'],
  pool: 'forks',
  // All share one Temporal and one PostgreSQL.
  maxWorkers: TESTS_AT_ONCE,
  // Real servers: a wait is over when its condition holds, these only bound one that never does, on a machine that is busy with other things.
  testTimeout: 180_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: Number(process.env['TEST_WAIT_LIMIT_MS'] ?? 60_000) } },
  retry: 0,
  // What was found instead is told whole.
  chaiConfig: { truncateThreshold: 2_000 },
} satisfies TestConfig;

export const project = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [leaveBundleAlone],
} satisfies ViteUserConfig;

/** A part of the tests, with what all have in common. */
export function projectOf(name: string, options: TestConfig) {
  return { ...project, extends: false, test: { ...tests, name, ...options } } as const;
}

/** Files that share a few processes, and what those have loaded: they replace no module, and set nothing that a process has once. */
export const together = {
  isolate: false,
  // Schemas get what describes them in documents only when they are made after this is loaded, which the API's own modules see to. Where
  // files share a process it has to come before all of them.
  setupFiles: [...tests.setupFiles, '@hono/zod-openapi'],
} satisfies TestConfig;
