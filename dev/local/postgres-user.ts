import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runCommand } from './run-command.ts';

// These commands only read or change a local file.
const LIMIT_MS = 20_000;

/**
 * Returns the command line that runs `command` as a user that PostgreSQL accepts. PostgreSQL refuses root: for root, the command
 * runs as the system user `postgres`, which is created when missing. That user keeps root's permission to enter folders only
 * when a folder above the program or `dataDir` is closed to others, as `/root` is.
 */
export async function wrapForPostgresUser(
  command: [string, ...string[]],
  dataDir: string,
): Promise<[string, ...string[]]> {
  if (process.getuid?.() !== 0) return command;
  const { uid, gid } = await findOrMakePostgresUser();
  const isReachable = (await isOpenToOthers(command[0])) && (await isOpenToOthers(dataDir));
  const capabilities = isReachable ? [] : ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return ['/usr/bin/setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...capabilities, ...command];
}

/** Makes the user that {@link wrapForPostgresUser} chooses the owner of a file or folder. */
export async function ownByPostgresUser(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await findOrMakePostgresUser();
  await chown(path, uid, gid);
}

async function findOrMakePostgresUser(): Promise<{ uid: number; gid: number }> {
  return await readIds().catch(async () => {
    await runCommand('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { limitMs: LIMIT_MS });
    return await readIds();
  });
}

async function readIds(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([
    runCommand('id', ['-u', 'postgres'], { limitMs: LIMIT_MS }),
    runCommand('id', ['-g', 'postgres'], { limitMs: LIMIT_MS }),
  ]);
  return { uid: Number(uid), gid: Number(gid) };
}

async function isOpenToOthers(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
