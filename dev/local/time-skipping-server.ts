import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import { useFirstThatWorks, type Progress, reportElapsed } from './attempts.ts';
import { cacheFolder, installInto } from './cache-folder.ts';
import { downloadFile, requireSha256 } from './download.ts';
import { findOnPath } from './run-command.ts';
import { isExecutable } from './server-process.ts';
import { TEST_SERVER_VERSION, testServerJars } from './time-skipping-server-jars.ts';

/** Enough to be limited by the network, and few enough for any repository. */
const DOWNLOADS_AT_ONCE = 8;

/** Where to look for the server, and from where to download it. */
interface TestServerOptions {
  env?: NodeJS.ProcessEnv;
  progress: Progress;
  /** The folder of downloaded programs. */
  cache?: string;
  /** The address of the repository, instead of Maven Central. */
  repositoryUrl?: string;
}

/**
 * Returns the executable of a time-skipping test server for `TestWorkflowEnvironment.createTimeSkipping`, from our cache or a
 * download, in this order; either is used only if every jar has its SHA-256. Throws ProgramMissingError, which lists the attempts,
 * when both fail.
 */
export async function findTimeSkippingServer({
  env = process.env,
  progress,
  cache = cacheFolder,
  repositoryUrl = 'https://repo1.maven.org/maven2',
}: TestServerOptions): Promise<{ type: 'existing-path'; path: string }> {
  // The name says what it holds, so that a folder of another version of this code is not mistaken for it.
  const cached = join(cache, `temporal-test-server-${TEST_SERVER_VERSION}`);
  const path = await useFirstThatWorks(
    "Temporal's time-skipping test server",
    [
      { what: cached, run: () => findVerified(cached) },
      { what: 'download', run: () => downloadServer(cached, env, repositoryUrl, progress) },
    ],
    `Let this machine reach repo1.maven.org, and install Java 17. If ${cached} was changed, delete it.`,
  );
  return { type: 'existing-path', path };
}

async function findVerified(cached: string): Promise<string | undefined> {
  const program = join(cached, PROGRAM);
  if (!isExecutable(program)) return undefined;
  for (const [path, sha256] of Object.entries(testServerJars)) {
    await requireSha256(join(cached, 'lib', basename(path)), sha256);
  }
  return program;
}

async function downloadServer(
  cached: string,
  env: NodeJS.ProcessEnv,
  repositoryUrl: string,
  progress: Progress,
): Promise<string | undefined> {
  if (findOnPath('java', env) === undefined) throw new Error('Java is not on PATH');
  return await reportElapsed(progress, `Downloading Temporal's test server ${TEST_SERVER_VERSION}`, async () => {
    await installInto(cached, async (folder) => {
      const made = join(folder, 'made');
      const lib = join(made, 'lib');
      await mkdir(lib, { recursive: true });
      const limit = pLimit(DOWNLOADS_AT_ONCE);
      const downloads = Object.entries(testServerJars).map(([path, sha256]) =>
        limit(() => downloadFile({ url: `${repositoryUrl}/${path}`, sha256 }, join(lib, basename(path)))),
      );
      // All have ended before their folder is deleted.
      const failed = (await Promise.allSettled(downloads)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
      await writeFile(join(made, PROGRAM), script, { mode: 0o755 });
      return made;
    });
    return await findVerified(cached);
  });
}

const PROGRAM = 'temporal-test-server';

const script = `#!/bin/sh\nexec java -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"\n`;
