import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../dev/local/cache-folder.ts';
import { runCommand } from '../../dev/local/run-command.ts';
import { isExecutable } from '../../dev/local/server-process.ts';

/** A slow network may take minutes for its packages, and only the first time. */
const INSTALL_LIMIT_MS = 300_000;

/**
 * The path of a program that `name` installs, in exactly the files that `requirements` lists by their SHA-256, in an environment of
 * its own in the cache, which is made where it is not there yet.
 */
export async function installPythonProgram(name: string, program: string, requirements: string): Promise<string> {
  const version = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder, '..', name, version);
  const path = join(folder, 'bin', program);
  if (isExecutable(path)) return path;
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
  return path;
}
