import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dashboards, renderDashboard } from '../../dev/dashboards/build-dashboards.ts';
import { findPromqlFaults } from '../docs/promql-faults.ts';
import { readRules } from '../servers/prometheus/read-rules.ts';

const folder = join(import.meta.dirname, '../../deploy/grafana');
const recorded = readRules().flatMap(({ record }) => record ?? []);

test('deploy/grafana holds every dashboard and nothing else', () => {
  expect(globSync('*', { cwd: folder }).toSorted()).toEqual(Object.keys(dashboards).toSorted());
});

describe.each(Object.entries(dashboards))('%s', (name, dashboard) => {
  const panels = Object.values(dashboard.rows).flat();

  test('is what `npm run generate:dashboards` writes', () => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(renderDashboard(dashboard));
  });

  test('asks for metrics and labels that exist', () => {
    const queries = panels.flatMap(({ queries: byLegend }) => Object.values(byLegend));
    expect(queries.flatMap((query) => findPromqlFaults(query, recorded))).toEqual([]);
  });
});
