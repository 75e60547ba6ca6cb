import { join } from 'node:path';
import { z } from 'zod';
import { type Attempt, useFirstThatWorks, type Progress, reportElapsed } from './attempts.ts';
import { cacheFolder, installInto } from './cache-folder.ts';
import { downloadProgram } from './download.ts';
import { findOnPath, runCommand } from './run-command.ts';
import { isExecutable } from './server-process.ts';

/** The newest release, which is downloaded, and the newest version that `go install` can build. */
export const temporalCliVersions = { download: '1.9.1', build: '1.5.1' };

/** The SHA-256 of the archives of the version that is downloaded, as its release published them. */
const archiveChecksums: Readonly<Record<string, string>> = {
  'temporal_cli_1.9.1_darwin_amd64.tar.gz': '48cdd6c84c56e27ae8e4d9a47052b89289a9c552dee029b49dd312c6fb72873f',
  'temporal_cli_1.9.1_darwin_arm64.tar.gz': '41e0425378fcb4fb5766340b97435e20fe47bbff2d7bf644ec2d51f7662b7c56',
  'temporal_cli_1.9.1_linux_amd64.tar.gz': '09a0326a51db84d02735e53542b9ebd8c4758daf47482a9ab0abce15844e60d5',
  'temporal_cli_1.9.1_linux_arm64.tar.gz': '6c57c352d52fc3df34412376fd9ba6f74b7e3ace8e426e6cba8600156d36a145',
  'temporal_cli_1.9.1_windows_amd64.tar.gz': '42637464c337a3da203fbd4e8c688e4b2d511fd42bd19c337c0422e923a7b619',
  'temporal_cli_1.9.1_windows_arm64.tar.gz': 'cfdfe43e69a2261191148294b1f7e3a7088ef8d3dc1ab1909b115b1784b6c6fe',
};

/** The hash of the sources of the version that is built, as Go writes it (SHA-256); they hold the hashes of all that they need. */
const SOURCES_HASH = 'h1:0RZMk14BWxz44Xg6ciDQvpfAMffoG3J7/K03ql80teY=';

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
  /** The address of the releases, instead of the publisher's, and the SHA-256 of its archives by name. */
  releases?: { url: string; checksums: Readonly<Record<string, string>> };
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
  releases = { url: 'https://github.com/temporalio/cli/releases/download', checksums: archiveChecksums },
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
      { what: 'download', run: () => downloadCli(downloaded, releases, progress) },
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

async function downloadCli(
  target: string,
  { url: releasesUrl, checksums }: NonNullable<FinderOptions['releases']>,
  progress: Progress,
): Promise<string | undefined> {
  const version = temporalCliVersions.download;
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const archive = `temporal_cli_${version}_${platform}_${arch}.tar.gz`;
  const sha256 = checksums[archive];
  if (sha256 === undefined) throw new Error(`the SHA-256 of ${archive} is not known, so it is not used`);
  const url = `${releasesUrl}/v${version}/${archive}`;
  const program = platform === 'windows' ? 'temporal.exe' : 'temporal';
  return await reportElapsed(progress, `Downloading the Temporal CLI ${version}`, async () =>
    requireUsable(await installInto(target, (folder) => downloadProgram({ url, sha256 }, program, folder))),
  );
}

async function buildCli(target: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<string | undefined> {
  const go = findOnPath('go', env);
  if (go === undefined) return undefined;
  const source = `github.com/temporalio/cli@v${temporalCliVersions.build}`;
  return await reportElapsed(progress, `Building the Temporal CLI with Go, once, a few minutes (${source})`, async () =>
    requireUsable(
      await installInto(target, async (folder) => {
        // Of the module itself, so that Go compares all that it fetches with the hashes among the sources.
        const goEnv = { ...env, GOFLAGS: '-trimpath -mod=readonly', GOWORK: 'off', CGO_ENABLED: '0' };
        const sources = await fetchSources(go, source, goEnv);
        const program = join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
        const build = ['build', '-ldflags=-s -w', '-o', program, './cmd/temporal'];
        await runCommand(go, build, { env: goEnv, cwd: sources, limitMs: BUILD_LIMIT_MS });
        return program;
      }),
    ),
  );
}

/** Fetches the sources of the CLI; returns their folder. Rejects when they are not the ones that are known. */
async function fetchSources(go: string, source: string, env: NodeJS.ProcessEnv): Promise<string> {
  const printed = await runCommand(go, ['mod', 'download', '-json', source], { env, limitMs: BUILD_LIMIT_MS });
  const { Dir, Sum } = z.object({ Dir: z.string(), Sum: z.string() }).parse(JSON.parse(printed));
  if (Sum !== SOURCES_HASH) throw new Error(`${source} has the hash ${Sum}, and must have ${SOURCES_HASH}: not built`);
  return Dir;
}
