import { defineConfig } from 'vitest/config';
import { WORKFLOW_BUNDLE } from '../test/setup/workflow-bundle.ts';
import { project, projectOf, run, tests, together } from './vitest.common.ts';

/**
 * These replace modules, or set what a whole process has once (its keys, tracer, registry of figures or threads): each file has a process of
 * its own. All others share a few processes, and what those have loaded.
 */
const apart = [
  'test/saga/**/*.test.ts',
  'test/e2e/**/*.test.ts',
  'test/histories/*.test.ts',
  'test/http/order-events.test.ts',
  'test/http/event-stream.test.ts',
  'test/access/authenticate.test.ts',
  'test/events/order-changes.test.ts',
  'test/batches/batch-calls.test.ts',
  'test/{metrics,tracing,worker}/**/*.test.ts',
  'test/repositories/{webhook-endpoints,payment-method-column}.test.ts',
];

const all = [
  projectOf('apart', { include: apart }),
  projectOf('together', {
    ...together,
    // Not by `exclude`, in whose place the one of the command line would stand.
    include: ['test/**/*.test.ts', ...['test/servers/**', ...apart].map((glob) => `!${glob}`)],
  }),
];

export default defineConfig({
  ...project,
  test: {
    ...run,
    ...tests,
    globalSetup: ['test/setup/global-setup.ts'],
    projects: [
      // Recording replaces what the replay tests hold today's code against, so it is only done when asked for.
      ...(process.env['RECORD_HISTORIES'] ? [projectOf('recording', { include: ['test/histories/record.ts'] })] : all),
    ],
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
  },
});
