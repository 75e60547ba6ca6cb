import { once } from 'node:events';
import { appendFile, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { findTimeSkippingServer } from '../../../dev/local/time-skipping-server.ts';

/** Answers every download with something else than was asked for. */
const server = createServer((_, response) => {
  response.end('not the jar');
});
let repositoryUrl: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  repositoryUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => server.close());

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'order-saga-jars-'));
  return () => rm(cache, { recursive: true, force: true });
});

const find = () => findTimeSkippingServer({ progress: () => {}, cache, repositoryUrl });

test('a jar with another SHA-256 than the known one is not used, and nothing of the download remains', async () => {
  await expect(find()).rejects.toThrow(/download: \S+\.jar has the SHA-256 [0-9a-f]{64}, and must have [0-9a-f]{64}/);
  expect(await readdir(cache)).toEqual([]);
});

test('a server in the cache whose jar was changed is not used', async () => {
  const installed = dirname(inject('timeSkippingServer'));
  const copy = join(cache, installed.split('/').at(-1) ?? '');
  await cp(installed, copy, { recursive: true });
  expect(await find()).toEqual({ type: 'existing-path', path: join(copy, 'temporal-test-server') });
  const [jar = ''] = await readdir(join(copy, 'lib'));
  await appendFile(join(copy, 'lib', jar), 'x');
  await expect(find()).rejects.toThrow(`${jar} has the SHA-256`);
});
