import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

test('the code is that of the contract', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-proto-'));
  try {
    // The template writes to ../src/grpc/generated.
    const out = join(folder, 'proto');
    const options = { cwd: join(root, 'proto'), preferLocal: true, localDir: root };
    await execa('buf', ['generate', '--output', out], options);
    expect(filesIn(join(root, 'src/grpc/generated'))).toEqual(filesIn(join(folder, 'src/grpc/generated')));
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The text of every file, by its path. */
function filesIn(folder: string): Record<string, string> {
  const paths = globSync('**/*.ts', { cwd: folder }).toSorted();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
