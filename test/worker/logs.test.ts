import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestNamespace, type TestNamespace } from '../setup/temporal.ts';

let temporal: TestNamespace;
let lines: { msg: string; request_id?: string; err?: Record<string, unknown> }[];

beforeAll(async () => {
  temporal = await createTestNamespace();
  const { address, namespace, taskQueue } = temporal;
  const args = [join(import.meta.dirname, 'logging-worker.ts'), address, namespace, taskQueue];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
});
afterAll(() => temporal.close());

test.each([
  ['an activity', 'TypeError', 'the activity canary sings'],
  ['a workflow', 'RangeError', 'the workflow canary sings'],
])('an error of %s is logged with its type, message and stack', (_, type, message) => {
  const logged = lines.flatMap(({ err }) => (err?.['message'] === message ? [err] : []));
  expect(logged[0]).toMatchObject({ type, message, stack: expect.stringContaining(message) });
});

test('a line that a workflow logs names the request that it serves, which the workflow itself cannot decrypt', () => {
  expect(lines.find(({ msg }) => msg === 'canary in the workflow')).toMatchObject({ request_id: 'shop-1' });
});
