import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

// A reachable host answers within this; a network that drops packets must not hold up the next attempt for long.
const CONNECT_LIMIT_MS = 10_000;
// The archives have 50 to 100 MB: this allows for a slow line.
const DOWNLOAD_LIMIT_MS = 300_000;

const TAR_BLOCK = 512;

/** Downloads a `.tar.gz` and writes the one file named `program` that it holds into `folder`; answers its path. */
export async function downloadProgram(url: string, program: string, folder: string): Promise<string> {
  const archive = await promisify(gunzip)(await fetchBytes(url));
  const content = fileInTar(archive, program);
  if (!content) throw new Error(`${url} holds no file "${program}"`);
  const path = join(folder, program);
  await writeFile(path, content, { mode: 0o755 });
  return path;
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const connecting = new AbortController();
  const timer = setTimeout(
    () => connecting.abort(new Error(`no answer within ${CONNECT_LIMIT_MS / 1000} s`)),
    CONNECT_LIMIT_MS,
  );
  const signal = AbortSignal.any([connecting.signal, AbortSignal.timeout(DOWNLOAD_LIMIT_MS)]);
  const response = await fetch(url, { signal }).finally(() => clearTimeout(timer));
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function fileInTar(tar: Buffer, program: string): Buffer | undefined {
  for (let offset = 0; offset + TAR_BLOCK <= tar.length;) {
    const name = text(tar, offset, 100);
    const size = Number.parseInt(text(tar, offset + 124, 12).trim() || '0', 8);
    const begin = offset + TAR_BLOCK;
    if (name === program || name.endsWith(`/${program}`)) return tar.subarray(begin, begin + size);
    offset = begin + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  }
  return undefined;
}

function text(tar: Buffer, offset: number, length: number): string {
  return tar.toString('latin1', offset, offset + length).replace(/\0.*$/s, '');
}
