import { join } from 'node:path';
import { type Attempt, useFirstThatWorks, type Progress, reportElapsed } from './attempts.ts';
import { cacheFolder, installInto } from './cache-folder.ts';
import { downloadProgram } from './download.ts';
import { findOnPath, runCommand } from './run-command.ts';
import { isExecutable } from './server-process.ts';

/** The newest release, which is downloaded, and the newest version that `go install` can build. */
export const temporalCliVersions = { download: '1.9.1', build: '1.5.1' };

// The first server whose dev mode supports all that the workflows use: eager start, updates, user metadata.
const MIN_SERVER_VERSION: [number, number] = [1, 28];

// A build takes three minutes on two cores; a slow machine with a slow network may take four times as long.
const BUILD_LIMIT_MS = 12 * 60_000;

/** Where to look for programs, and from where to download them. */
export interface FinderOptions {
  env?: NodeJS.ProcessEnv;
  progress: Progress;
  /** The folder of downloaded and built programs. */
  cache?: string;
  /** The address of the releases, instead of the publisher's. */
  releasesUrl?: string;
}

const ADVICE =
  'Install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_CLI to its path, ' +
  'or install Go (https://go.dev/dl) so that it can be built, or set TEMPORAL_ADDRESS to a running server.';

/**
 * Returns the path of a `temporal` binary from `TEMPORAL_CLI`, PATH, our cache, a download or a build with Go, in this order.
 * Throws ProgramMissingError, which lists the attempts, when all fail, or at once when `TEMPORAL_CLI` doesn't work.
 */
export async function findTemporalCli({
  env = process.env,
  progress,
  cache = cacheFolder,
  releasesUrl = 'https://github.com/temporalio/cli/releases/download',
}: FinderOptions): Promise<string> {
  const given = env['TEMPORAL_CLI'];
  const fromEnvironment: Attempt = { what: `TEMPORAL_CLI=${given}`, run: () => requireUsable(given) };
  if (given) return await useFirstThatWorks('the Temporal CLI', [fromEnvironment], ADVICE);
  const downloaded = join(cache, `temporal-${temporalCliVersions.download}`);
  const built = join(cache, `temporal-${temporalCliVersions.build}`);
  const fromCache = [downloaded, built].map((path): Attempt => {
    return { what: path, run: () => requireUsable(isExecutable(path) ? path : undefined) };
  });
  return await useFirstThatWorks(
    'the Temporal CLI',
    [
      { what: 'TEMPORAL_CLI', run: async () => undefined },
      { what: '`temporal` on PATH', run: () => requireUsable(findOnPath('temporal', env)) },
      ...fromCache,
      { what: 'download', run: () => downloadCli(downloaded, releasesUrl, progress) },
      { what: 'build with Go', run: () => buildCli(built, env, progress) },
    ],
    ADVICE,
  );
}

async function requireUsable(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const printed = await runCommand(path, ['--version'], { limitMs: 20_000 });
  const version = /Server (\d+)\.(\d+)/.exec(printed);
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  const isNewEnough =
    major > MIN_SERVER_VERSION[0] || (major === MIN_SERVER_VERSION[0] && minor >= MIN_SERVER_VERSION[1]);
  if (!isNewEnough) throw new Error(`${printed.trim()}: server ${MIN_SERVER_VERSION.join('.')} or newer is needed`);
  return path;
}

async function downloadCli(target: string, releasesUrl: string, progress: Progress): Promise<string | undefined> {
  const version = temporalCliVersions.download;
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const release = `${releasesUrl}/v${version}`;
  const url = `${release}/temporal_cli_${version}_${platform}_${arch}.tar.gz`;
  const program = platform === 'windows' ? 'temporal.exe' : 'temporal';
  return await reportElapsed(progress, `Downloading the Temporal CLI ${version}`, async () =>
    requireUsable(
      await installInto(target, (folder) =>
        downloadProgram({ url, program, checksumsUrl: `${release}/checksums.txt` }, folder),
      ),
    ),
  );
}

async function buildCli(target: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<string | undefined> {
  const go = findOnPath('go', env);
  if (go === undefined) return undefined;
  const source = `github.com/temporalio/cli/cmd/temporal@v${temporalCliVersions.build}`;
  return await reportElapsed(progress, `Building the Temporal CLI with Go, once, a few minutes (${source})`, async () =>
    requireUsable(
      await installInto(target, async (folder) => {
        const goEnv = { ...env, GOBIN: folder, GOFLAGS: '-trimpath', CGO_ENABLED: '0' };
        await runCommand(go, ['install', '-ldflags=-s -w', source], { env: goEnv, limitMs: BUILD_LIMIT_MS });
        return join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
      }),
    ),
  );
}
