import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('new objects of a thread take half of what they may take in the main thread, which has what NODE_OPTIONS says', async () => {
  const program = join(import.meta.dirname, 'thread-memory.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, NODE_OPTIONS: '--max-semi-space-size=32' },
  });
  expect(JSON.parse(stdout)).toEqual({ ofMain: 64, ofThread: 32 });
});
