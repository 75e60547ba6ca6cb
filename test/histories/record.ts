import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { importScenarios, scenarios } from './scenarios.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({
    STEP_PATIENCE: '1s',
    SERVICE_ANSWER_LOOKUP: '500ms',
    PAYMENT_RETRY_WINDOW: '10s',
    RESERVATION_TTL: '1s',
    AMEND_WINDOW: '5s',
    TAX_RATES: 'FR=20',
  });
  await rig.product('TEAPOT', 100);
  await rig.product('SOLD-OUT', 0);
});

afterAll(async () => {
  await rig.stop();
});

// A recording is of its time: one that there is stays as it is, unless somebody deletes it.
const isMissing = ([name]: readonly [string, unknown]) => !existsSync(fileOf(name));

test.for(Object.entries(scenarios).filter(isMissing))('records %s', async ([name, live]) => {
  expect(await record(name, orderWorkflowId(await live(rig)))).toBeGreaterThan(0);
});

test.for(Object.entries(importScenarios).filter(isMissing))('records %s', async ([name, live]) => {
  expect(await record(name, await live(rig))).toBeGreaterThan(0);
});

/** Writes the history of a workflow once nothing of it is under way; returns its number of events. */
async function record(name: string, workflowId: string): Promise<number> {
  const handle = rig.temporal.client.workflow.getHandle(workflowId);
  // Nothing that is still under way belongs into a recording.
  await eventually(async () => {
    const { raw } = await handle.describe();
    expect(raw.pendingWorkflowTask ?? null).toBeNull();
    expect(raw.pendingActivities ?? []).toEqual([]);
  });
  const fetched = await handle.fetchHistory();
  const history = historyToJSON(fetched);
  await writeFile(fileOf(name), `${JSON.stringify(JSON.parse(history), withoutPlaces)}\n`);
  return fetched.events?.length ?? 0;
}

function fileOf(name: string): URL {
  return new URL(`${name}.json`, import.meta.url);
}

/** Where it was recorded is nobody's business, and replay does not look at it. */
function withoutPlaces(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  return typeof value === 'string' ? value.replace(/^\d+@[\w.]+/, 'worker') : value;
}
