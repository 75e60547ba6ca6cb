import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { create } from 'tar';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findTemporalCli, temporalCliVersions } from '../../../dev/local/temporal-cli.ts';

const cliThatPrints = (version: string, server: string) =>
  `#!/bin/sh\necho "temporal version ${version} (Server ${server}, UI 2.42.1)"\n`;
const newest = cliThatPrints(temporalCliVersions.download, '1.32.0');
const buildable = cliThatPrints(temporalCliVersions.build, '1.29.1');
const tooOld = cliThatPrints('0.9.0', '1.20.0');

let folder: string;
let cache: string;
let env: { PATH: string; TEMPORAL_CLI?: string };

/** What the release holds, by the end of its path; a release without files is not there. */
let release: Readonly<Record<string, Buffer | string>>;

const server = createServer((request, response) => {
  const file = release[request.url?.replace(`/v${temporalCliVersions.download}/`, '') ?? ''];
  if (file === undefined) response.writeHead(404).end();
  else response.end(file);
});
let releasesUrl: string;

/** The SHA-256 of the archives that are known. */
let checksums: Readonly<Record<string, string>>;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  releasesUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => server.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-cli-'));
  cache = join(folder, 'cache');
  env = { PATH: join(folder, 'path') };
  release = {};
  checksums = {};
  return () => rm(folder, { recursive: true, force: true });
});

test('TEMPORAL_CLI comes before PATH, PATH before the cache, the cache before a download, a download before Go', async () => {
  const places = {
    given: await program('given/temporal'),
    onPath: await program('path/temporal'),
    downloaded: await program(`cache/temporal-${temporalCliVersions.download}`),
    built: await program(`cache/temporal-${temporalCliVersions.build}`),
  };
  env.TEMPORAL_CLI = places.given;
  expect(await find()).toBe(places.given);
  delete env.TEMPORAL_CLI;
  expect(await find()).toBe(places.onPath);
  await rm(places.onPath);
  expect(await find()).toBe(places.downloaded);
  await rm(places.downloaded);
  expect(await find()).toBe(places.built);
  await rm(places.built);
  const goRan = join(folder, 'go-ran');
  await goThatBuilds(`: > '${goRan}'`);
  await publish(newest);
  expect(await find()).toBe(places.downloaded);
  expect(await readFile(places.downloaded, 'utf8')).toBe(newest);
  expect(existsSync(goRan)).toBe(false);
  await rm(places.downloaded);
  release = {};
  expect(await find()).toBe(places.built);
  expect(existsSync(goRan)).toBe(true);
});

test('a download with another SHA-256 than the known one is not used, whatever its release says, and nothing of it remains', async () => {
  await goThatBuilds();
  await publish(newest);
  const changed = await archiveOf(cliThatPrints('6.6.6', '6.6.6'));
  release = { [archiveName]: changed, 'checksums.txt': `${sha256Of(changed)}  ${archiveName}\n` };
  expect(await find()).toBe(join(cache, `temporal-${temporalCliVersions.build}`));
  expect(await readdir(cache)).toEqual([`temporal-${temporalCliVersions.build}`]);
  env.PATH = '';
  await rm(cache, { recursive: true });
  await expect(find()).rejects.toThrow(
    /download: .*has the SHA-256 [0-9a-f]{64}, and must have [0-9a-f]{64}: it is not used/,
  );
});

test('an archive whose SHA-256 is not known is not downloaded', async () => {
  await publish(newest);
  checksums = {};
  await expect(find()).rejects.toThrow(/download: the SHA-256 of temporal_cli_\S+ is not known/);
});

test('sources with another hash than the known one are not built', async () => {
  await goThatBuilds(':', 'h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=');
  await expect(find()).rejects.toThrow(/build with Go: \S+ has the hash h1:A+=, and must have h1:\S+: not built/);
});

test('a binary on PATH that is too old is skipped', async () => {
  await program('path/temporal', tooOld);
  const cached = await program(`cache/temporal-${temporalCliVersions.download}`);
  expect(await find()).toBe(cached);
});

test('a TEMPORAL_CLI that does not work is an error and is not skipped', async () => {
  await program('path/temporal');
  env.TEMPORAL_CLI = join(folder, 'missing');
  await expect(find()).rejects.toThrow(/TEMPORAL_CLI=.*missing.*ENOENT/s);
});

test('concurrent builds all return a working binary and leave no other files', async () => {
  await goThatBuilds('/bin/sleep 0.2');
  const found = await Promise.all([find(), find(), find()]);
  expect(new Set(found)).toEqual(new Set([join(cache, `temporal-${temporalCliVersions.build}`)]));
  expect(await readdir(cache)).toEqual([`temporal-${temporalCliVersions.build}`]);
});

test('with an empty PATH and no network, one error lists every attempt and says what to install', async () => {
  env.PATH = '';
  const error = await findTemporalCli({
    env,
    cache,
    progress: () => {},
    releases: { url: 'http://127.0.0.1:1', checksums: { [archiveName]: '0'.repeat(64) } },
  }).catch(String);
  for (const part of [
    'TEMPORAL_CLI: not found',
    'on PATH: not found',
    `temporal-${temporalCliVersions.download}: not found`,
    `temporal-${temporalCliVersions.build}: not found`,
    'download: ',
    'build with Go',
  ]) {
    expect(error).toContain(part);
  }
  expect(error).toMatch(/ECONNREFUSED|bad port/);
  expect(error).toMatch(/Install the Temporal CLI .* or install Go/);
});

function find(): Promise<string> {
  return findTemporalCli({ env, cache, progress: () => {}, releases: { url: releasesUrl, checksums } });
}

async function program(path: string, script = newest): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, script, { mode: 0o755 });
  return file;
}

const knownHash = 'h1:0RZMk14BWxz44Xg6ciDQvpfAMffoG3J7/K03ql80teY=';

/** A `go` on PATH that has the sources with this hash, and builds the CLI of the version that can be built. */
async function goThatBuilds(first = ':', hash = knownHash): Promise<void> {
  const download = JSON.stringify({ Dir: folder, Sum: hash });
  const build = `${first}\n/bin/cat > "$4" <<'END'\n${buildable}END\n`;
  await program('path/go', `#!/bin/sh\nif [ "$1" = mod ]; then echo '${download}'; exit; fi\n${build}`);
}

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const arch = process.arch === 'x64' ? 'amd64' : process.arch;
const archiveName = `temporal_cli_${temporalCliVersions.download}_${platform}_${arch}.tar.gz`;

/** Puts a release on the server whose SHA-256 is known. */
async function publish(cli: string): Promise<void> {
  const archive = await archiveOf(cli);
  release = { [archiveName]: archive };
  checksums = { [archiveName]: sha256Of(archive) };
}

function sha256Of(archive: Buffer): string {
  return createHash('sha256').update(archive).digest('hex');
}

async function archiveOf(cli: string): Promise<Buffer> {
  const source = await mkdtemp(join(folder, 'release-'));
  await writeFile(join(source, 'LICENSE'), '');
  await writeFile(join(source, 'temporal'), cli, { mode: 0o755 });
  return await buffer(create({ gzip: true, cwd: source }, ['LICENSE', 'temporal']));
}
