import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    // Recording replaces what the replay tests hold today's code against, so it is only done when asked for.
    include: process.env['RECORD_HISTORIES'] ? ['test/histories/record.ts'] : ['test/**/*.test.ts'],
    globalSetup: ['test/setup/global-setup.ts'],
    pool: 'forks',
    // The servers that the tests share need processor time too.
    maxWorkers: 2,
    // Real servers: a wait is over when its condition holds, these only bound one that never does, on a machine that is busy with other things.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: Number(process.env['TEST_WAIT_LIMIT_MS'] ?? 60_000) } },
    retry: 0,
    passWithNoTests: false,
    // A run that is counted, as in CI, says in TEST_REPORT where its figures go.
    reporters: process.env['TEST_REPORT']
      ? ['default', ['json', { outputFile: process.env['TEST_REPORT'] }]]
      : ['default'],
  },
});
