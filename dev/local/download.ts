import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';

/** A `.tar.gz` of a release, and the program in it. */
export interface Download {
  url: string;
  program: string;
  /** The file that lists the SHA-256 of each file of the release, where releases have one. */
  checksumsUrl?: string;
}

// A reachable host answers within this; a network that drops packets must not delay the next attempt for long.
const CONNECT_LIMIT_MS = 10_000;
// The archives have 50 to 100 MB: this allows for a slow line.
const DOWNLOAD_LIMIT_MS = 300_000;

/**
 * Downloads an archive and extracts its program into `folder`, whose path it returns. Rejects when the SHA-256 is not the
 * published one; what was extracted must not be used then. A release that publishes no checksums is taken without.
 */
export async function downloadProgram({ url, program, checksumsUrl }: Download, folder: string): Promise<string> {
  const expected = checksumsUrl === undefined ? undefined : await readPublishedChecksum(checksumsUrl, basename(url));
  const response = await request(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const hash = createHash('sha256');
  let path: string | undefined;
  await pipeline(
    Readable.fromWeb(response.body),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    extract({
      cwd: folder,
      strict: true,
      filter: (entry) => {
        if (basename(entry) !== program) return false;
        path = join(folder, entry);
        return true;
      },
    }),
  );
  const actual = hash.digest('hex');
  if (expected !== undefined && actual !== expected)
    throw new Error(`${url} has the SHA-256 ${actual}, but ${checksumsUrl} says ${expected}`);
  if (path === undefined) throw new Error(`${url} holds no file "${program}"`);
  return path;
}

/** The SHA-256 that a release publishes for one of its files, in hex; `undefined` when it publishes no checksums. */
async function readPublishedChecksum(url: string, file: string): Promise<string | undefined> {
  const response = await request(url);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const lines = (await response.text()).split('\n').map((line) => line.trim().split(/\s+\*?/));
  const checksum = lines.find(([, name]) => name === file)?.[0];
  if (checksum === undefined) throw new Error(`${url} does not list ${file}`);
  return checksum.toLowerCase();
}

async function request(url: string): Promise<Response> {
  const connecting = new AbortController();
  const timer = setTimeout(
    () => connecting.abort(new Error(`no answer within ${CONNECT_LIMIT_MS / 1000} s`)),
    CONNECT_LIMIT_MS,
  );
  const signal = AbortSignal.any([connecting.signal, AbortSignal.timeout(DOWNLOAD_LIMIT_MS)]);
  return await fetch(url, { signal }).finally(() => clearTimeout(timer));
}
