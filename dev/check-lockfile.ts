import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import pLimit from 'p-limit';
import { z } from 'zod';

// npm can only refuse a package that was tampered with when the lock file holds its hash. npm leaves the hash out of packages for
// other platforms that the registry did not have on the day; this finds those that it has today.

const lockFile = join(import.meta.dirname, '../package-lock.json');

/** A package of the lock file, as far as it matters here. */
interface LockEntry {
  readonly version?: string;
  readonly name?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
}

/** Look-ups at once: a registry answers each in some hundred milliseconds. */
const LOOKUPS = 8;

const LOOKUP_TIMEOUT_MS = 20_000;

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const { stdout: registry } = await execa('npm', ['config', 'get', 'registry']);
const lock = JSON.parse(await readFile(lockFile, 'utf8')) as { packages: Record<string, LockEntry> };

const missing = Object.entries(lock.packages).flatMap(([path, entry]) => {
  const isFetched = path !== '' && entry.link !== true && entry.inBundle !== true;
  if (!isFetched || entry.integrity !== undefined || entry.version === undefined) return [];
  return [
    { path, entry, name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 13), version: entry.version },
  ];
});

const limit = pLimit(LOOKUPS);
const found = await Promise.all(
  missing.map((gap) => limit(async () => ({ ...gap, integrity: await findIntegrity(gap.name, gap.version) }))),
);
const available = found.filter(({ integrity }) => integrity !== undefined);
for (const { name, version, integrity } of found) {
  console.log(`${name}@${version}: ${integrity === undefined ? 'the registry has no such version' : 'has a hash'}`);
}

if (values.write) {
  for (const { path, entry, integrity } of available) {
    const { version, ...rest } = entry;
    // Where npm writes it itself.
    lock.packages[path] = {
      ...(version !== undefined && { version }),
      ...(integrity !== undefined && { integrity }),
      ...rest,
    };
  }
  await writeFile(lockFile, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`${available.length} hashes written`);
} else if (available.length > 0) {
  console.error(
    `${available.length} packages have no hash in package-lock.json: run npm run check-lockfile -- --write`,
  );
  process.exitCode = 1;
} else {
  console.log(
    `every package has its hash${found.length === 0 ? '' : `, but for ${found.length} that the registry doesn't have`}`,
  );
}

/** The hash of a published version; `undefined` when the registry has none. Rejects when it does not answer. */
async function findIntegrity(name: string, version: string): Promise<string | undefined> {
  const url = new URL(`${name.replace('/', '%2f')}/${version}`, registry);
  const response = await fetch(url, { signal: AbortSignal.timeout(LOOKUP_TIMEOUT_MS) });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`the registry answered ${response.status} for ${name}@${version}`);
  const { dist } = z.object({ dist: z.object({ integrity: z.string().optional() }) }).parse(await response.json());
  return dist.integrity;
}
