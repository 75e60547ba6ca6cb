import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findTemporalCli, TEMPORAL_CLI_VERSION } from '../../../dev/local/temporal-cli.ts';

const isWanted = `echo "temporal version ${TEMPORAL_CLI_VERSION} (Server 1.29.1, UI 2.42.1)"`;
const isTooOld = 'echo "temporal version 0.9.0 (Server 1.20.0, UI 2.9.0)"';

let folder: string;
let env: { XDG_CACHE_HOME: string; PATH: string; TEMPORAL_CLI?: string };
let downloads: string | undefined;

const server = createServer((request, response) => {
  if (downloads === undefined) response.writeHead(404).end();
  else response.end(request.url?.startsWith('/cli/archive/') ? gzipSync(tarOf('temporal', downloads)) : '');
});
let downloadBaseUrl: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  downloadBaseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => server.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-cli-'));
  env = { XDG_CACHE_HOME: join(folder, 'cache'), PATH: join(folder, 'path') };
  downloads = undefined;
  return () => rm(folder, { recursive: true, force: true });
});

test('TEMPORAL_CLI comes before PATH, PATH before the cache, the cache before a download, a download before Go', async () => {
  const places = {
    given: await program('given/temporal'),
    onPath: await program('path/temporal'),
    cached: await program(`cache/order-saga/bin/temporal-${TEMPORAL_CLI_VERSION}`),
  };
  env.TEMPORAL_CLI = places.given;
  expect(await find()).toBe(places.given);
  delete env.TEMPORAL_CLI;
  expect(await find()).toBe(places.onPath);
  await rm(places.onPath);
  expect(await find()).toBe(places.cached);
  await rm(places.cached);
  const goRan = join(folder, 'go-ran');
  await program('path/go', `printf '#!/bin/sh\\n%s\\n' '${isWanted}' > "$GOBIN/temporal"; : > '${goRan}'`);
  downloads = `#!/bin/sh\n${isWanted}\n`;
  expect(await find()).toBe(places.cached);
  expect(existsSync(goRan)).toBe(false);
  await rm(places.cached);
  downloads = undefined;
  expect(await find()).toBe(places.cached);
  expect(existsSync(goRan)).toBe(true);
});

test('a binary on PATH that is too old is passed over', async () => {
  await program('path/temporal', isTooOld);
  const cached = await program(`cache/order-saga/bin/temporal-${TEMPORAL_CLI_VERSION}`);
  expect(await find()).toBe(cached);
});

test('a TEMPORAL_CLI that does not work is an error and not passed over', async () => {
  await program('path/temporal');
  env.TEMPORAL_CLI = join(folder, 'missing');
  await expect(find()).rejects.toThrow(/TEMPORAL_CLI=.*missing.*ENOENT/s);
});

test('builders at the same time all end with a working binary and leave nothing beside it', async () => {
  const go = `sleep 0.2; printf '#!/bin/sh\\n%s\\n' '${isWanted}' > "$GOBIN/temporal"`;
  await program('path/go', go);
  env.PATH += ':/usr/bin:/bin';
  const found = await Promise.all([find(), find(), find()]);
  expect(new Set(found)).toEqual(new Set([join(folder, `cache/order-saga/bin/temporal-${TEMPORAL_CLI_VERSION}`)]));
  expect(await readdir(join(folder, 'cache/order-saga/bin'))).toEqual([`temporal-${TEMPORAL_CLI_VERSION}`]);
});

test('with an empty PATH and no network, one error says everything that was tried and what to install', async () => {
  env.PATH = '';
  const error = await findTemporalCli({ env, progress: () => {}, downloadBaseUrl: 'http://127.0.0.1:1' }).catch(String);
  for (const part of [
    'TEMPORAL_CLI: not found',
    'on PATH: not found',
    'order-saga/bin',
    'download: ',
    'build with Go',
  ]) {
    expect(error).toContain(part);
  }
  expect(error).toMatch(/ECONNREFUSED|bad port/);
  expect(error).toMatch(/Install the Temporal CLI .* or install Go/);
});

function find(): Promise<string> {
  return findTemporalCli({ env, progress: () => {}, downloadBaseUrl });
}

async function program(path: string, script = isWanted): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

function tarOf(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  return Buffer.concat([
    header,
    Buffer.from(content.padEnd(Math.ceil(content.length / 512) * 512, '\0')),
    Buffer.alloc(1024),
  ]);
}
