import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
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
    const rank = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((room) => moduleId.includes(`/${room}`));
      return index < 0 ? longest.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [leaveBundleAlone],
  test: {
    // Recording replaces what the replay tests hold today's code against, so it is only done when asked for.
    include: process.env['RECORD_HISTORIES'] ? ['test/histories/record.ts'] : ['test/**/*.test.ts'],
    // These need more than Node, npm and Java.
    exclude: ['test/servers/**'],
    globalSetup: ['test/setup/global-setup.ts'],
    setupFiles: ['test/setup/property-seed.ts'],
    pool: 'forks',
    // Most tests wait for a server most of the time; all share one Temporal and one PostgreSQL.
    maxWorkers: Math.min(availableParallelism() + 2, 6),
    sequence: { sequencer: LongestFirst },
    // Real servers: a wait is over when its condition holds, these only bound one that never does, on a machine that is busy with other things.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: Number(process.env['TEST_WAIT_LIMIT_MS'] ?? 60_000) } },
    retry: 0,
    // What was found instead is told whole.
    chaiConfig: { truncateThreshold: 2_000 },
    passWithNoTests: false,
    coverage: {
      provider: 'v8',
      // Seen is what runs in the tests' own processes: the API, the activities, and the workflows as the random fault plans run them. A
      // worker's sandbox and other processes are not seen, so that the figure is lower than what is tested.
      allowExternal: true,
      excludeAfterRemap: true,
      include: ['{src,workflows,activities}/**/*.ts', `**/${WORKFLOW_BUNDLE}`],
      exclude: ['src/main-*.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 85 },
    },
    // A run that is counted, as in CI, says in TEST_REPORT where its figures go.
    reporters: process.env['TEST_REPORT']
      ? ['default', ['json', { outputFile: process.env['TEST_REPORT'] }]]
      : ['default'],
  },
});
