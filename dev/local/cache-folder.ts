import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';

/** The folder of downloaded and built programs; it is outside the checkout so that a new clone finds them. */
export const cacheFolder = join(envPaths('order-saga', { suffix: '' }).cache, 'bin');

/**
 * Runs `build` in a temporary folder and moves the file or folder that it returns to `target` in one step, so that
 * processes that do this at the same time never see each other's unfinished files.
 */
export async function installInto(target: string, build: (folder: string) => Promise<string>): Promise<string> {
  await mkdir(join(target, '..'), { recursive: true });
  const folder = await mkdtemp(`${target}.part-`);
  try {
    const made = await build(folder);
    await chmod(made, 0o755);
    await rename(made, target).catch((error: NodeJS.ErrnoException) => {
      // A folder can't replace a folder that has files: another process finished first, and its result is the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
