import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';

/** Where programs that were downloaded or built stay, outside the checkout, so that a new clone finds them. */
export const cacheFolder = join(envPaths('order-saga', { suffix: '' }).cache, 'bin');

/**
 * Lets `build` make something in a temporary folder and moves it to `target` in one step, so that several processes
 * doing the same never see each other's unfinished files. `build` returns the path of what it made.
 */
export async function installInto(target: string, build: (folder: string) => Promise<string>): Promise<string> {
  await mkdir(join(target, '..'), { recursive: true });
  const folder = await mkdtemp(`${target}.part-`);
  try {
    const made = await build(folder);
    await chmod(made, 0o755);
    await rename(made, target).catch((error: NodeJS.ErrnoException) => {
      // A folder can't replace one that isn't empty: another process was first, and what it made is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
