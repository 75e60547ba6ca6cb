import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../dev/local/free-port.ts';
import { listen } from '../../../src/http/listen.ts';
import { startApiRig, token } from '../../http/api-rig.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

let folder: string;
/** A project in which nothing but the client's tarball has been installed. */
let consumer: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-client-'));
  const source = join(folder, 'source');
  await mkdir(join(source, 'src'), { recursive: true });
  for (const part of ['package.json', 'tsconfig.json', 'LICENSE', '.config', 'src/client']) {
    await cp(join(root, part), join(source, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(source, 'node_modules'));
  await npm(source, 'run', '--silent', 'build:client');
  // From this checkout's copy, so that the test needs no registry.
  const tarballs = [await pack(join(source, 'dist/client')), await pack(join(root, 'node_modules/eventsource-parser'))];

  consumer = join(folder, 'consumer');
  await mkdir(consumer);
  await writeFile(join(consumer, 'package.json'), '{"type": "module", "private": true}');
  await npm(consumer, 'install', '--offline', '--no-audit', '--no-fund', ...tarballs);
  for (const name of await readdir(join(import.meta.dirname, 'client-fixtures'))) {
    await cp(join(import.meta.dirname, 'client-fixtures', name), join(consumer, name));
  }
  await writeFile(join(consumer, 'readme-consumer.ts'), await readmeProgram());
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('what a program installs is under 1 MB, with one dependency', async () => {
  const modules = join(consumer, 'node_modules');
  const installed = await readdir(modules, { recursive: true, withFileTypes: true });
  const packages = installed.filter(({ name }) => name === 'package.json').map(({ parentPath }) => parentPath);
  expect(packages.toSorted()).toEqual([join(modules, 'eventsource-parser'), join(modules, 'order-saga-client')]);
  const files = installed.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1_000_000);
});

test('the package says what it is, under which licence, and asks for the dependency that was tested', async () => {
  const installed = join(consumer, 'node_modules/order-saga-client');
  const { dependencies, license } = await readJson(join(installed, 'package.json'));
  const { version } = await readJson(join(consumer, 'node_modules/eventsource-parser/package.json'));
  expect(dependencies).toEqual({ 'eventsource-parser': `^${String(version)}` });
  expect(license).toBe('Apache-2.0');
  expect(await readdir(installed)).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'client.js', 'client.d.ts']),
  );
});

// Each mistake of the mistaken one is expected: a mistake that compiled would be an error.
const programs = ['typed-consumer.ts', 'mistaken-consumer.ts', 'readme-consumer.ts'];

describe.each(['typescript', 'typescript-5.9'])('compiled strictly by %s, with every declaration', (compiler) => {
  test.each([
    ['a browser', browser],
    ['Node', node],
  ])('a program for %s knows every type, is told its mistakes, and may be that of the README', async (_, platform) => {
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', ...platform };
    await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: programs }));
    const tsc = join(root, 'node_modules', compiler, 'bin/tsc');
    await expect(run(process.execPath, [tsc, '--project', consumer])).resolves.toMatchObject({ stdout: '' });
  });
});

test('an installed client places an order, follows it until it is cancelled, and gets the code of a refusal', async () => {
  const rig = await startApiRig();
  const port = await freePort();
  const server = await listen(rig.api, { host: '127.0.0.1', port });
  const program = [
    join(consumer, 'running-consumer.ts'),
    `http://127.0.0.1:${port}`,
    await token('alice', ['customer']),
  ];
  const { stdout } = await run(process.execPath, program);
  await Promise.all([rig.stop(), server.close(1_000)]);
  expect(JSON.parse(stdout)).toEqual({
    status: 'CONFIRMED',
    total: '25.00',
    heard: ['order.snapshot CONFIRMED', 'order.cancelled CANCELLED'],
    code: 'PRICE_CHANGED',
  });
});

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
}

/** What the package's README shows, with what it leaves to the reader. */
async function readmeProgram(): Promise<string> {
  const readme = await readFile(join(consumer, 'node_modules/order-saga-client/README.md'), 'utf8');
  const [, program = ''] = /```ts\n([^]*?)```/.exec(readme) ?? [];
  return `declare function currentToken(): string;\n${program}`;
}

const browser = { lib: ['es2022', 'dom', 'dom.iterable'], types: [] };

const node = { lib: ['es2022'], types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };

async function npm(cwd: string, ...args: string[]): Promise<string> {
  // A caller's `npm run --json`, as any of its options, would be taken from the environment.
  const { stdout } = await run('npm', args, { cwd, env: { ...process.env, npm_config_json: '' } });
  return stdout.trim();
}

/** Packs a folder as for a registry, and returns where the tarball is. */
async function pack(from: string): Promise<string> {
  const name = await npm(folder, 'pack', '--silent', '--ignore-scripts', from);
  return join(folder, name);
}
