import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { scenarios } from './scenarios.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '1s', PAYMENT_RETRY_WINDOW: '3s' });
  await rig.product('TEAPOT', 100);
  await rig.product('SOLD-OUT', 0);
});

afterAll(async () => {
  await rig.stop();
});

test.for(Object.entries(scenarios))('records %s', async ([name, live]) => {
  const orderId = await live(rig);
  const handle = rig.handle(orderId);
  // Nothing that is still under way belongs into a recording.
  await eventually(async () => {
    const { raw } = await handle.describe();
    expect(raw.pendingWorkflowTask ?? null).toBeNull();
    expect(raw.pendingActivities ?? []).toEqual([]);
  });
  const history = historyToJSON(await handle.fetchHistory());
  await writeFile(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(JSON.parse(history), withoutPlaces)}\n`);
});

/** Where it was recorded is nobody's business, and replay does not look at it. */
function withoutPlaces(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  return typeof value === 'string' ? value.replace(/^\d+@[\w.]+/, 'worker') : value;
}
