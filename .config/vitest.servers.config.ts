import { defineConfig } from 'vitest/config';
import { project, projectOf, run, tests, together } from './vitest.common.ts';

/** Files whose tests take no longer than what they load: they share a few processes. */
const short = [
  'test/servers/{grpc,redis}/**/*.test.ts',
  'test/servers/{confirmed-authorization,reconcile-payments,shipment-matrix,step-rate}.test.ts',
  'test/servers/kafka/consume-into-inbox.test.ts',
  'test/servers/prometheus/alerts.test.ts',
  'test/servers/stripe/captured-with-shipments.test.ts',
];

/** The tests that need servers beyond those that Node, npm and Java can start; each file gets hold of its own, or fails with what to install. */
export default defineConfig({
  ...project,
  test: {
    ...run,
    ...tests,
    globalSetup: ['test/setup/global-setup.ts', 'test/servers/setup/build-programs.ts'],
    projects: [
      projectOf('apart', { include: ['test/servers/**/*.test.ts', ...short.map((glob) => `!${glob}`)] }),
      projectOf('together', { ...together, include: short }),
    ],
  },
});
