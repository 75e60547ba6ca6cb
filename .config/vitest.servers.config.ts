import { defineConfig } from 'vitest/config';
import { project, run, tests } from './vitest.common.ts';

/** The tests that need servers beyond those that Node, npm and Java can start; each file gets hold of its own, or fails with what to install. */
export default defineConfig({
  ...project,
  test: {
    ...run,
    ...tests,
    include: ['test/servers/**/*.test.ts'],
    globalSetup: ['test/setup/global-setup.ts', 'test/servers/setup/build-programs.ts'],
  },
});
