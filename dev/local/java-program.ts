import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import { useFirstThatWorks, type Progress, reportElapsed } from './attempts.ts';
import { cacheFolder, installInto } from './cache-folder.ts';
import { downloadFile, requireSha256 } from './download.ts';
import { findOnPath } from './run-command.ts';
import { isExecutable } from './server-process.ts';

/** Enough to be limited by the network, and few enough for any repository. */
const DOWNLOADS_AT_ONCE = 8;

/** A program in Java: its jars by their path in Maven Central, with their SHA-256. */
export interface JavaProgram {
  /** As a message calls it. */
  readonly title: string;
  /** The name of its folder in the cache. It says what the folder holds, so that one of another version of this code is not mistaken for it. */
  readonly folder: string;
  /** The name of its executable. */
  readonly program: string;
  /** What follows the class path on the command line; the executable's own arguments come after it. */
  readonly command: string;
  readonly jars: Readonly<Record<string, string>>;
}

/** Where to look for the program, and from where to download it. */
export interface JavaProgramOptions {
  env?: NodeJS.ProcessEnv;
  progress: Progress;
  /** The folder of downloaded programs. */
  cache?: string;
  /** The address of the repository, instead of Maven Central. */
  repositoryUrl?: string;
}

/**
 * Returns the path of the program's executable, from our cache or a download, in this order; either is used only if every jar has its
 * SHA-256. Throws ProgramMissingError, which lists the attempts, when both fail.
 */
export async function findJavaProgram(
  java: JavaProgram,
  {
    env = process.env,
    progress,
    cache = cacheFolder,
    repositoryUrl = 'https://repo1.maven.org/maven2',
  }: JavaProgramOptions,
): Promise<string> {
  const cached = join(cache, java.folder);
  const download = async () => {
    if (findOnPath('java', env) === undefined) throw new Error('Java is not on PATH');
    await reportElapsed(progress, `Downloading ${java.title}`, () => downloadInto(cached, java, repositoryUrl));
    return await findVerified(cached, java);
  };
  return await useFirstThatWorks(
    java.title,
    [
      { what: cached, run: () => findVerified(cached, java) },
      { what: 'download', run: download },
    ],
    `Let this machine reach repo1.maven.org, and install Java 17. If ${cached} was changed, delete it.`,
  );
}

async function findVerified(cached: string, { program, jars }: JavaProgram): Promise<string | undefined> {
  const path = join(cached, program);
  if (!isExecutable(path)) return undefined;
  for (const [jar, sha256] of Object.entries(jars)) await requireSha256(join(cached, 'lib', basename(jar)), sha256);
  return path;
}

async function downloadInto(cached: string, { program, command, jars }: JavaProgram, repositoryUrl: string) {
  await installInto(cached, async (folder) => {
    const made = join(folder, 'made');
    const lib = join(made, 'lib');
    await mkdir(lib, { recursive: true });
    const limit = pLimit(DOWNLOADS_AT_ONCE);
    const downloads = Object.entries(jars).map(([path, sha256]) =>
      limit(() => downloadFile({ url: `${repositoryUrl}/${path}`, sha256 }, join(lib, basename(path)))),
    );
    // All have ended before their folder is deleted.
    const failed = (await Promise.allSettled(downloads)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    const script = `#!/bin/sh\nexec java -cp "$(dirname "$0")/lib/*" ${command} "$@"\n`;
    await writeFile(join(made, program), script, { mode: 0o755 });
    return made;
  });
}
