import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeRollout } from '../../dev/rollout/judge-rollout.ts';
import { runRollout } from '../../dev/rollout/rollout.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-rollout-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a rolling restart of every API and worker, as the manifests have it, loses no request and makes no order late', async () => {
  const result = await runRollout(folder, () => undefined);
  expect(judgeRollout(result)).toEqual([]);
  expect(result.stopped).toHaveLength(4);
  expect(result.seen.placed.length).toBeGreaterThan(20);
  // Each follower was with one of the APIs that went.
  expect(result.seen.reconnections).toBeGreaterThanOrEqual(result.followed.length);
});
