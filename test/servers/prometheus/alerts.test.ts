import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { findDebianProgram } from '../setup/find-program.ts';
import type { AlertCase, FiringCase } from './alert-case.ts';
import { apiCases } from './api-cases.ts';
import { burnRateCases } from './burn-rate-cases.ts';
import { engineCases } from './engine-cases.ts';
import { messageCases } from './message-cases.ts';
import { orderCases } from './order-cases.ts';
import { findDifferences, type JudgedCase } from './promtool.ts';
import { prometheusFolder, readAlerts } from './read-rules.ts';

const cases = { ...apiCases, ...burnRateCases, ...orderCases, ...messageCases, ...engineCases };

test('every alert has a case in which it fires and one in which it is quiet', () => {
  const tested = Object.entries(cases).filter(([, { fires, quiet }]) => fires.length > 0 && quiet.length > 0);
  expect(tested.map(([name]) => name).toSorted()).toEqual([...readAlerts().keys()].toSorted());
});

test('Prometheus and Alertmanager take their configuration', async () => {
  const promtool = await findDebianProgram('promtool', 'prometheus');
  const amtool = await findDebianProgram('amtool', 'prometheus-alertmanager');
  const checks = await Promise.all([
    execa(promtool, ['check', 'config', join(prometheusFolder, 'prometheus.yml')], { reject: false }),
    execa(amtool, ['check-config', join(prometheusFolder, 'alertmanager.yml')], { reject: false }),
  ]);
  expect(checks.filter(({ exitCode }) => exitCode !== 0).map(({ stdout, stderr }) => stdout + stderr)).toEqual([]);
});

test('a critical alert wakes somebody, and any other one waits for working hours', async () => {
  const amtool = await findDebianProgram('amtool', 'prometheus-alertmanager');
  const config = `--config.file=${join(prometheusFolder, 'alertmanager.yml')}`;
  const receivers = await Promise.all(
    [...readAlerts()].map(async ([name, { labels }]) => {
      const severity = labels['severity'] ?? '';
      const { stdout } = await execa(amtool, [
        'config',
        'routes',
        'test',
        config,
        `severity=${severity}`,
        `alertname=${name}`,
      ]);
      return [severity, stdout.trim()].join(' ');
    }),
  );
  expect(new Set(receivers)).toEqual(new Set(['critical on-call', 'warning office-hours']));
});

test('what is not told beside its cause are alerts that exist', () => {
  const matchers = readFileSync(join(prometheusFolder, 'alertmanager.yml'), 'utf8').matchAll(/alertname=~?"([\w|]+)"/g);
  const named = [...matchers].flatMap(([, names = '']) => names.split('|'));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !readAlerts().has(name))).toEqual([]);
});

test('an alert that nothing was scraped for is quiet, unless it is about what is missing', async () => {
  const missing = ['ApiDown', 'NoWorkerPolls', 'OrderFiguresMissing'];
  const others = [...readAlerts().keys()].filter((name) => !missing.includes(name));
  const nothing = { when: 'nothing was scraped', series: {}, at: '30m' };
  const differences = await findDifferences(others.map((alert) => ({ alert, given: nothing, says: [] })));
  expect(differences.filter((difference) => difference !== undefined)).toEqual([]);
});

/** Every case of every alert, by its place among what promtool is asked. */
const judged: JudgedCase[] = [];
let differences: readonly (string | undefined)[];
beforeAll(async () => {
  differences = await findDifferences(judged);
});

describe.each(Object.entries(cases))('%s', (alert, { fires, quiet }) => {
  const add = (given: AlertCase, says: FiringCase['says']) => ({
    when: given.when,
    place: judged.push({ alert, given, says }) - 1,
  });

  test.each(fires.map((given) => add(given, given.says)))('fires when $when', ({ place }) => {
    expect(differences[place]).toBeUndefined();
  });

  test.each(quiet.map((given) => add(given, [])))('is quiet when $when', ({ place }) => {
    expect(differences[place]).toBeUndefined();
  });
});
