import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { openDatabase, type Database } from '../../src/repositories/database.ts';
import { readAlerts, readRules } from '../servers/prometheus/read-rules.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { createTestNamespace, type TestNamespace } from '../setup/temporal.ts';
import { findPromqlFaults } from './promql-faults.ts';
import { mentions, readPages, root } from './read-pages.ts';

const RUNBOOK = 'docs/runbook.md';
const page = readPages().find(({ path }) => path === RUNBOOK)!;
const entries = new Map(
  page.text
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry]),
);
const alerts = readAlerts();
const recorded = readRules().flatMap(({ record }) => record ?? []);

test('every alert has an entry, and every entry an alert', () => {
  expect([...entries.keys()].toSorted()).toEqual([...alerts.keys()].toSorted());
});

describe.each([...alerts])('%s', (name, { annotations, expr }) => {
  test('leads to its entry', () => {
    expect(annotations['runbook_url']).toBe(`${RUNBOOK}#${name.toLowerCase()}`);
  });

  test('has an entry that says what customers feel, how to look, how to mend, and when it is over', () => {
    const missing = ['**Customers**', '**Look**', '**Mend**', '**Over when**'].filter(
      (part) => entries.get(name)?.includes(`\n${part}`) !== true,
    );
    expect(missing).toEqual([]);
  });

  test('asks for metrics and labels that exist', () => {
    expect(findPromqlFaults(expr, recorded)).toEqual([]);
  });
});

test('a metric, label or value that does not exist is found in an expression', () => {
  const wrong = 'sum by (to) (rate(orders_transitions_total{from="PENDING", to="LOST"}[5m])) / max(orders_lost)';
  expect(findPromqlFaults(wrong)).toEqual([
    'orders_transitions_total has no label from',
    'orders_transitions_total has no to="LOST"',
    'no metric orders_lost',
  ]);
});

test('recording rules ask for metrics and labels that exist', () => {
  const faults = readRules().flatMap(({ record, expr }) => (record === undefined ? [] : findPromqlFaults(expr)));
  expect(faults).toEqual([]);
});

test('every PromQL expression asks for metrics and labels that exist', () => {
  const expressions = blocksOf('promql').flatMap((block) => block.trim().split('\n'));
  expect(expressions.length).toBeGreaterThan(alerts.size);
  expect(expressions.flatMap((expression) => findPromqlFaults(expression, recorded))).toEqual([]);
});

test('every service that a command of docker compose names exists', () => {
  const { services } = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) as { services: object };
  const named = mentions(page, /docker compose ([^|\n`]+)/g).flatMap(([words = '']) =>
    words
      .split(' ')
      .filter((word, index, all) => index > 0 && /^[a-z]/.test(word) && !/^--(tail|since)$/.test(all[index - 1]!)),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !Object.keys(services).includes(name))).toEqual([]);
});

describe('on real servers', () => {
  let database: TestDatabase;
  let opened: Database;
  let namespace: TestNamespace;

  beforeAll(async () => {
    [database, namespace] = await Promise.all([createTestDatabase(), createTestNamespace()]);
    // As the role of DATABASE_URL, which is what an operator has.
    opened = openDatabase(database.runningUrl, { max: 1, name: 'runbook', onError: () => {} });
  });
  afterAll(async () => {
    await opened.close();
    await Promise.all([database.drop(), namespace.close()]);
  });

  test("every SQL statement runs as the product's role", async () => {
    const statements = blocksOf('sql');
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) await opened.pool.query(`explain ${statement}`);
  });

  test('every query of workflows, of the command line and in links to the Web UI, is one that Temporal takes', async () => {
    const typed = mentions(page, /temporal workflow list --query '([^']+)'/g).map(([query = '']) => query);
    const linked = [...page.text.matchAll(/workflows\?query=([^>\s)]+)/g)].map(([, query = '']) =>
      decodeURIComponent(query),
    );
    expect(typed.length).toBeGreaterThan(0);
    expect(linked.length).toBeGreaterThan(0);
    for (const query of [...typed, ...linked]) await namespace.client.workflow.count(query);
  });

  test('every command of `temporal` exists, with its options', async () => {
    const commands = mentions(
      page,
      /\btemporal ((?:[a-z][a-z-]* )+)([a-z][a-z-]*)((?: --[a-z-]+(?: (?:'[^']*'|[\w<>-]+))?)*)/g,
    );
    const used = new Map(commands.map(([first = '', last = '', options = '']) => [`${first}${last}`, options]));
    expect(used.size).toBeGreaterThan(5);
    const wrong = await Promise.all(
      [...used].map(async ([command, options]) => {
        const { stdout } = await execa(inject('temporalCli'), [...command.split(' '), '--help'], { reject: false });
        const names = [...options.matchAll(/--[a-z-]+/g)].map(([name]) => name);
        return stdout.includes(`temporal ${command} [`) && names.every((name) => stdout.includes(name))
          ? []
          : [command];
      }),
    );
    expect(wrong.flat()).toEqual([]);
  });
});

/** The blocks of code in one language. */
function blocksOf(language: string): string[] {
  return [...page.text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, name, block = '']) =>
    name === language ? [block] : [],
  );
}
