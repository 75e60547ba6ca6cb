import { beforeEach, expect, test } from 'vitest';
import { createRegistry, type MetricsRegistry } from '../../src/metrics/create-registry.ts';
import { metricDefinitions } from '../../src/metrics/definitions.ts';
import { countMetric, observeSeconds, recordMetricsTo } from '../../src/metrics/record-metrics.ts';

let registry: MetricsRegistry;

beforeEach(() => {
  registry = createRegistry();
  recordMetricsTo(registry.recorder);
  return () => {
    recordMetricsTo(undefined);
  };
});

/** Series of the product's own metrics. */
const series = async () =>
  (await registry.render())
    .split('\n')
    .filter((line) => /^(orders|saga|payments|service|outbox|events|http)_/.test(line));

test('a counter whose labels are listed is at 0 from the start, so that its first increase shows', async () => {
  const text = await registry.render();
  expect(text).toContain('orders_created_total{source="api"} 0');
  expect(text).toContain('payments_total{outcome="declined"} 0');
  expect(text).toContain('saga_compensations_total{step="refundPaymentIfCharged",outcome="failed"} 0');
  expect(text).toContain('database_statements_total 0');
});

test('a gauge without a value is left out, so that nobody takes 0 for one', async () => {
  const names = (await series()).map((line) => line.split(/[{ ]/)[0]);
  expect(names).not.toContain('orders_needs_attention');
  registry.gauges.set('orders_needs_attention', {}, 3);
  expect(await registry.render()).toContain('orders_needs_attention 3');
  registry.gauges.clear('orders_needs_attention');
  expect((await series()).join('\n')).not.toContain('orders_needs_attention');
});

test('what is counted and observed shows in the text that Prometheus reads', async () => {
  countMetric('orders_value_total', { currency: 'JPY' }, 1_500);
  observeSeconds('saga_step_seconds', { step: 'chargePayment', outcome: 'refused' }, 0.02);
  const text = await registry.render();
  expect(text).toContain('orders_value_total{currency="JPY"} 1500');
  expect(text).toContain('saga_step_seconds_bucket{le="0.025",step="chargePayment",outcome="refused"} 1');
});

test('every metric has a help text that is a sentence, and a name of its type', () => {
  for (const [name, { type, help }] of Object.entries(metricDefinitions)) {
    expect(help).toMatch(/^[A-Z0-9`].+\.$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
  }
});

test('all series that listed labels allow are fewer than 2500', () => {
  const counts = Object.values(metricDefinitions).map((definition) => {
    const combinations = Object.values(definition.labels).reduce(
      (product, values) => product * (values === 'open' ? 1 : values.length),
      1,
    );
    return combinations * (definition.type === 'histogram' ? definition.buckets.length + 3 : 1);
  });
  expect(counts.reduce((sum, count) => sum + count)).toBeLessThan(2_500);
});
