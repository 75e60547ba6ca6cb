import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';

/** A file of a release; `sha256` is in hex and kept in this repository: a release that was changed after it was pinned is refused. */
export interface Download {
  url: string;
  sha256: string;
}

// A reachable host answers within this time; a network that drops packets must not delay the next attempt for long.
const CONNECT_LIMIT_MS = 10_000;
// The archives are 50 to 100 MB: this is enough for a slow connection.
const DOWNLOAD_LIMIT_MS = 300_000;

/** Downloads a file to `path`. Rejects when its SHA-256 is another one; what is at `path` must not be used then. */
export async function downloadFile({ url, sha256 }: Download, path: string): Promise<void> {
  const response = await request(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
  await requireSha256(path, sha256, url);
}

/** Downloads a `.tar.gz` archive, extracts `program` from it into `folder` and returns the program's path. Nothing of an archive with another SHA-256 is extracted. */
export async function downloadProgram(download: Download, program: string, folder: string): Promise<string> {
  const archive = join(folder, basename(download.url));
  await downloadFile(download, archive);
  let path: string | undefined;
  await extract({
    file: archive,
    cwd: folder,
    strict: true,
    filter: (entry) => {
      if (basename(entry) !== program) return false;
      path = join(folder, entry);
      return true;
    },
  });
  if (path === undefined) throw new Error(`${download.url} holds no file "${program}"`);
  return path;
}

/** Rejects unless the file at `path` has this SHA-256; `name` is what the message calls it. */
export async function requireSha256(path: string, sha256: string, name = path): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual !== sha256) throw new Error(`${name} has the SHA-256 ${actual}, and must have ${sha256}: it is not used`);
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
