import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

const { include: _, ...shared } = base.test ?? {};

/** The tests that need servers beyond those that Node, npm and Java can start; each file gets hold of its own, or fails with what to install. */
export default mergeConfig(
  { ...base, test: { ...shared, exclude: [] } },
  defineConfig({
    test: { include: ['test/servers/**/*.test.ts'], globalSetup: ['test/servers/setup/build-programs.ts'] },
  }),
);
