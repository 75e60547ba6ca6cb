import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runCommand } from './run-command.ts';

// Both only read or change a local file.
const LIMIT_MS = 20_000;

/**
 * The command that runs `command` as a user PostgreSQL accepts: unchanged, except for root, which it refuses.
 * For root it is the system user `postgres` (made when missing), which keeps root's right to enter folders only
 * when a folder on the way to the program or to `dataDir` is closed to others, as `/root` is.
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

/** Gives a file or folder to the user that {@link wrapForPostgresUser} runs as. */
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
