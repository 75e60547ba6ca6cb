import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSandboxConfig, sandboxSettingNames } from '../../dev/sandbox/sandbox-config.ts';
import { readApiConfig, readConfig, readMigrateConfig } from '../../src/config.ts';
import { readCodecConfig } from '../../src/config/codec-config.ts';
import { readNotifierConfig } from '../../src/config/notifier-config.ts';
import { settingNames } from '../../src/config/environment.ts';

const root = join(import.meta.dirname, '../..');

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).default([]),
  restart: z.string(),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(text, { merge: true }));
const secrets = createSecrets();
const services = Object.entries(compose.services);
const ofProduct = services.filter(([, { image }]) => image === 'order-saga');
const ours = services.filter(([, { image }]) => /^order-saga(-sandbox)?$/.test(image));

test('every program that a container runs is one that the build writes', () => {
  const scripts = ours.flatMap(([, { command, healthcheck }]) =>
    [...command, ...(healthcheck?.test ?? [])].filter((part) => part.startsWith('dist/')),
  );
  expect(scripts.length).toBeGreaterThanOrEqual(ofProduct.length);
  const sources = scripts.map((script) => script.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
  expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
});

test('every file, volume and script of a container exists', () => {
  const mounted = services.flatMap(([, { volumes }]) => volumes).map((volume) => volume.split(':')[0] ?? '');
  expect(mounted.filter((source) => !isThere(source))).toEqual([]);
  const files = (text.match(/\/etc\/temporal\/order-saga\/[\w.-]+/g) ?? []).map((file) => basename(file));
  expect(files.toSorted((a, b) => a.localeCompare(b))).toEqual([
    'dynamic-config.yaml',
    'setup-namespace.sh',
    'setup-schema.sh',
  ]);
  expect(files.filter((file) => !existsSync(join(root, 'temporal-config', file)))).toEqual([]);
});

test('every condition that a service waits for can be met', () => {
  const waits = services.flatMap(([name, { depends_on: needed }]) =>
    Object.entries(needed).map(([other, { condition }]) => ({
      name,
      condition,
      other,
      target: compose.services[other],
    })),
  );
  const canHappen = ({ condition, target }: (typeof waits)[number]) =>
    condition === 'service_healthy'
      ? target?.healthcheck !== undefined
      : condition === 'service_completed_successfully' && target?.restart === 'on-failure:5';
  expect(waits.length).toBeGreaterThan(ours.length);
  expect(waits.filter((wait) => !canHappen(wait))).toEqual([]);
});

test('every setting of the product is passed on, and no other', () => {
  const passed = new Set(ofProduct.flatMap(([, { environment }]) => Object.keys(environment)));
  // The image brings its bundle along; TEMPORAL_ADDRESS and its like are read by Temporal's client.
  const expected = settingNames.filter((name) => name !== 'WORKFLOW_BUNDLE');
  const client = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];
  expect(passed).toEqual(new Set([...expected, ...client]));
  expect(Object.keys(compose.services['sandbox']?.environment ?? {}).filter((name) => !isOfSandbox(name))).toEqual([]);
});

/** The sandbox gets nothing of the product's but what it shares with it, and the secret of the tokens that its image prints. */
function isOfSandbox(name: string): boolean {
  const signing = ['PAYMENT_WEBHOOK_SECRET', 'INVENTORY_WEBHOOK_SECRET', 'SHIPPING_WEBHOOK_SECRET', 'JWT_SECRET'];
  const shared = ['LOG_LEVEL', 'LOG_FORMAT', 'ALLOW_KNOWN_SECRETS', ...signing];
  return [...sandboxSettingNames, ...shared].includes(name);
}

const readers = new Map<string, (env: NodeJS.ProcessEnv) => unknown>([
  ['api', readApiConfig],
  ['worker', readConfig],
  ['codec', readCodecConfig],
  ['notifier', readNotifierConfig],
  ['migrate', readMigrateConfig],
  ['sandbox', readSandboxConfig],
]);

/** Without keys there is nothing for the codec server to do. */
const keys = {
  PAYLOAD_KEYS: `k1=${Buffer.alloc(32).toString('base64')}`,
  // Nor for the notifier without a broker and a mail server.
  RABBITMQ_URL: 'amqp://rabbitmq.example.com',
  SMTP_URL: 'smtp://mail.example.com',
  SMTP_FROM: 'orders@shop.example.com',
};

/** The settings of a container as Compose resolves them with `env`. */
function resolveSettings(
  { environment }: z.output<typeof service>,
  env: Record<string, string> = {},
): Record<string, string> {
  const fill = (value: string) =>
    value.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, otherwise: string) => env[name] || otherwise);
  return Object.fromEntries(
    Object.entries(environment).flatMap(([variable, value]) => {
      const set = value === null ? env[variable] : fill(String(value));
      return set === undefined ? [] : [[variable, set]];
    }),
  );
}

test.each(ours)('%s does not start with the secrets that everybody knows, unless it is told to', (name, container) => {
  const read = readers.get(name);
  expect(read).toBeDefined();
  expect(() => read?.(resolveSettings(container, keys))).toThrow(
    name === 'codec' ? /JWT_SECRET: is known to everybody/ : /_URL: has a password that everybody knows/,
  );
  expect(() => read?.(resolveSettings(container, { ...keys, ALLOW_KNOWN_SECRETS: 'true' }))).not.toThrow();
});

test.each(ours)('%s starts with the secrets that create-secrets.sh makes, as a role of its own', (name, container) => {
  const settings = resolveSettings(container, { ...keys, ...secrets });
  expect(() => readers.get(name)?.(settings)).not.toThrow();
  const urls = Object.entries(settings).flatMap(([variable, value]) => {
    if (!variable.endsWith('DATABASE_URL')) return [];
    const { username, pathname } = new URL(value);
    return [[variable, username, pathname]];
  });
  const product = ['DATABASE_URL', 'orders', '/orders'];
  const expected: Record<string, string[][]> = {
    codec: [],
    migrate: [product, ['MIGRATION_DATABASE_URL', 'orders_migration', '/orders']],
    sandbox: [['SANDBOX_DATABASE_URL', 'sandbox', '/sandbox']],
  };
  expect(urls).toEqual(expected[name] ?? [product]);
});

test('create-secrets.sh makes every secret that Compose has a known default for, each time another one', () => {
  const defaults = [...text.matchAll(/\$\{(\w+):-(known-to-everybody|a-secret-for[\w-]*|whsec_\w+)\}/g)];
  const names = new Set(defaults.map(([, name]) => name));
  expect(new Set(Object.keys(secrets))).toEqual(names);
  const others = createSecrets();
  const all = [...Object.values(secrets), ...Object.values(others)];
  expect(new Set(all).size).toBe(2 * names.size);
});

test("images are pinned, and Temporal's admin tools have the version of its server", () => {
  const images = services.map(([, { image }]) => image).filter((image) => !image.startsWith('order-saga'));
  for (const image of images) expect(image).toMatch(/:\d+\.\d+(\.\d+)?$/);
  const versionOf = (name: string) => images.find((image) => image.startsWith(`temporalio/${name}:`))?.split(':')[1];
  expect(versionOf('server')).toBe(versionOf('admin-tools'));
});

test('nothing is published beyond this machine', () => {
  const ports = services.flatMap(([, { ports: published }]) => published);
  expect(ports).toHaveLength(7);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
});

function createSecrets(): Record<string, string> {
  const printed = execFileSync('/bin/sh', [join(root, 'deploy/create-secrets.sh')], { encoding: 'utf8' });
  return Object.fromEntries(
    printed
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function isThere(mounted: string): boolean {
  return mounted.startsWith('.') ? existsSync(join(root, mounted)) : mounted in compose.volumes;
}
