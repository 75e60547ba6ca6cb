import { readdir, readFile } from 'node:fs/promises';
import { Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { leanReplays } from '../../src/temporal/lean-workflows.ts';
import { installRuntime } from '../../src/worker/worker.ts';
import { importScenarios, scenarios } from './scenarios.ts';

installRuntime(createLogger({ level: 'silent', format: 'json' }, 'test'));

leanReplays();

const names = Object.keys({ ...scenarios, ...importScenarios });

const folder = new URL('./', import.meta.url);

test('there is a recorded history of every scenario, and none without one', async () => {
  const recorded = (await readdir(folder)).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5));
  expect(recorded.toSorted()).toEqual(names.toSorted());
});

test.for(names)('what was %s goes on under the code of today', async (name) => {
  const text = await readFile(new URL(`${name}.json`, folder), 'utf8');
  const history: unknown = JSON.parse(text);
  // Its workflow goes by its own id alone.
  const [, workflowId] = /"workflowId":\s*"((?:order|import)-[^"]+)"/.exec(text)!;
  const options = { workflowBundle: { codePath: inject('workflowBundle') }, replayName: name };
  await expect(Worker.runReplayHistory(options, history, workflowId)).resolves.toBeUndefined();
});
