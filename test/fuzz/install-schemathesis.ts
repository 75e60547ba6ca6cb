import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../dev/local/cache-folder.ts';
import { runCommand } from '../../dev/local/run-command.ts';
import { isExecutable } from '../../dev/local/server-process.ts';

const requirements = join(import.meta.dirname, 'requirements.txt');

/** A slow network may take minutes for its packages, and only the first time. */
const INSTALL_LIMIT_MS = 300_000;

/** The path of schemathesis in exactly the files of `requirements.txt`, by their SHA-256, installed into the cache where it is not there yet. */
export async function installSchemathesis(): Promise<string> {
  const version = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder, '..', 'schemathesis', version);
  const program = join(folder, 'bin', 'st');
  if (isExecutable(program)) return program;
  // The programs of a virtual environment name its path, so it is made where it stays.
  await rm(folder, { recursive: true, force: true });
  await runCommand('python3', ['-m', 'venv', folder], { limitMs: INSTALL_LIMIT_MS });
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '--requirement',
    requirements,
  ];
  await runCommand(join(folder, 'bin', 'python'), pip, { limitMs: INSTALL_LIMIT_MS });
  return program;
}
