import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';

/** A `.tar.gz` archive of a release, and the program to extract from it. */
export interface Download {
  url: string;
  program: string;
  /** The file with the SHA-256 of every file of the release, if releases have one. */
  checksumsUrl?: string;
}

// A reachable host answers within this time; a network that drops packets must not delay the next attempt for long.
const CONNECT_LIMIT_MS = 10_000;
// The archives are 50 to 100 MB: this is enough for a slow connection.
const DOWNLOAD_LIMIT_MS = 300_000;

/**
 * Downloads an archive, extracts its program into `folder` and returns the program's path. Rejects when the SHA-256 differs from
 * the published one; the extracted file must not be used then. A release without published checksums is accepted.
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

/** Returns the published SHA-256 of a file in hex, or `undefined` when the release publishes no checksums. */
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
