import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboards } from '../../../dev/dashboards/build-dashboards.ts';
import { startTestSystem, teaOrder, type TestSystem } from '../../e2e/system.ts';
import { eventually } from '../../setup/eventually.ts';
import { readRules } from './read-rules.ts';
import { startPrometheus, type Prometheus } from './start-prometheus.ts';

const panels = Object.entries(dashboards).flatMap(([file, { rows }]) =>
  Object.values(rows)
    .flat()
    .map(({ title, queries }) => ({ file, title, queries: Object.values(queries) })),
);

/** Counters that Temporal's SDK shows from their first event on, which are faults and minutes without work. */
const seldomSeen = [
  'temporal_workflow_task_queue_poll_empty',
  'temporal_workflow_task_execution_failed',
  'temporal_request_failure',
  'temporal_long_request_failure',
  'temporal_sticky_cache_miss',
];

const runbook = readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8');

const support = { sub: 'sam', roles: ['support'] };

let system: TestSystem;
let prometheus: Prometheus;

beforeAll(async () => {
  system = await startTestSystem({ ORDER_WAIT: '30s', RECONCILE_INTERVAL: '2s' });
  prometheus = await startPrometheus({ orders: [new URL(system.running().metricsUrl).host] });
  await eventually(async () => (await prometheus.query('order_saga_build_info')).length > 0);
  await placeOrders();
  // The last that happened: all else has been scraped before.
  await eventually(
    async () =>
      (await prometheus.query('orders_ship_seconds_count > 0')).length > 0 &&
      (await prometheus.query('orders_api:requests:rate5m > 0')).length > 0 &&
      (await prometheus.query('reconciler_last_pass_timestamp_seconds')).length > 0,
  );
});
afterAll(async () => {
  await prometheus.stop();
  await system.destroy();
});

describe('every query of a panel returns series', () => {
  test.each(panels)('$file: $title', async ({ queries }) => {
    const answers = await Promise.all(
      queries.map(async (query) => ({
        query,
        series: await prometheus.query(query.replaceAll('$__rate_interval', '2m')),
      })),
    );
    const empty = answers.filter(({ series }) => !series.some(({ value: [, value] }) => Number.isFinite(value)));
    expect(empty).toEqual([]);
  });
});

test('every PromQL expression of the runbook is one that Prometheus takes', async () => {
  const blocks = [...runbook.matchAll(/^```promql\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  expect(blocks.length).toBeGreaterThan(0);
  const outcomes = await Promise.allSettled(blocks.map((expression) => prometheus.query(expression)));
  expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))).toEqual([]);
});

test('every metric of Temporal, Node and the process that a dashboard, a rule or the runbook names exists', async () => {
  const text = [runbook, ...readRules().map(({ expr }) => expr), ...panels.flatMap(({ queries }) => queries)].join(
    '\n',
  );
  const named = new Set(text.match(/\b(?:temporal|process|nodejs)_\w+/g));
  const known = new Set([...(await prometheus.metricNames()), ...seldomSeen]);
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});

test('every rule is evaluated, and no alert about a system that is well fires', async () => {
  const rules = await eventually(async () => {
    const all = await prometheus.rules();
    return all.every(({ health }) => health !== 'unknown') && all;
  });
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  expect(rules.filter(({ state }) => state === 'firing')).toEqual([]);
  expect(rules.length).toBe(readRules().length);
});

test('when the process is gone, what it no longer tells is noticed', async () => {
  await system.stop();
  const noticed = ['ApiDown', 'ScrapeTargetDown', 'OrderFiguresMissing'];
  await expect
    .poll(async () => {
      const rules = await prometheus.rules();
      return rules.filter(({ name, state }) => noticed.includes(name) && state !== 'inactive').map(({ name }) => name);
    })
    .toEqual(expect.arrayContaining(noticed));
});

/** Orders that are confirmed, shipped, declined, cancelled, and one whose payment fails at first. */
async function placeOrders(): Promise<void> {
  const place = (payment_method = 'tok_ok') =>
    system.call('POST', '/orders', { body: { ...teaOrder, payment_method } });
  const [{ body: shipped }, { body: cancelled }] = await Promise.all([
    place(),
    place(),
    place('tok_declined'),
    place(),
  ]);
  await system.sandbox('POST', '/faults', { service: 'payment', operation: 'charge', mode: 'down', times: 2 });
  expect((await place()).status).toBe(201);
  await system.call('POST', `/orders/${cancelled.id}/cancel`, { body: { reason: 'ordered twice' } });
  for (const status of ['PROCESSING', 'SHIPPED']) {
    const body = { status, reason: 'as planned' };
    expect((await system.call('PUT', `/orders/${shipped.id}/status`, { ...support, body })).status).toBe(200);
  }
}
