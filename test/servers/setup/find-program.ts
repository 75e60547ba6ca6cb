import { join } from 'node:path';
import { useFirstThatWorks } from '../../../dev/local/attempts.ts';
import { cacheFolder, installInto } from '../../../dev/local/cache-folder.ts';
import { findOnPath, runCommand } from '../../../dev/local/run-command.ts';

/** Where Debian puts programs, beyond what a user's PATH has. */
const DEBIAN_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/lib/rabbitmq/bin'];

/** Bounds the building of one program: the largest, Helm or Temporal's server, takes seven minutes on two cores; a slow network or a busy machine may take three times as long. */
export const BUILD_LIMIT_MS = 20 * 60_000;

/** Returns the path of a program of a Debian package. Rejects with the command that installs it when it isn't there. */
export async function findDebianProgram(program: string, debianPackage: string, env = process.env): Promise<string> {
  const path = [env['PATH'], ...(env === process.env ? DEBIAN_FOLDERS : [])].join(':');
  const found = async () => findOnPath(program, { PATH: path });
  return await useFirstThatWorks(
    program,
    [{ what: 'PATH', run: found }],
    `Install it: apt-get install --no-install-recommends ${debianPackage}`,
  );
}

/** A program that `go install` builds: the package's path and its version, which Go checks against its database of hashes. */
export interface GoProgram {
  readonly name: string;
  readonly source: string;
  readonly version: string;
}

/** What tests build with `go install`, so that all of it can be built before they run. */
export const goPrograms = {
  kustomize: { name: 'kustomize', source: 'sigs.k8s.io/kustomize/kustomize/v5', version: 'v5.8.1' },
  helm: { name: 'helm', source: 'helm.sh/helm/v4/cmd/helm', version: 'v4.3.1' },
  kubectlValidate: { name: 'kubectl-validate', source: 'sigs.k8s.io/kubectl-validate', version: 'v0.0.4' },
  grpcurl: { name: 'grpcurl', source: 'github.com/fullstorydev/grpcurl/cmd/grpcurl', version: 'v1.9.4' },
  stripeMock: { name: 'stripe-mock', source: 'github.com/stripe/stripe-mock', version: 'v0.203.0' },
  mailpit: { name: 'mailpit', source: 'github.com/axllent/mailpit', version: 'v1.33.1' },
} as const satisfies Record<string, GoProgram>;

/** Returns the path of the program in our cache, where it is built with Go the first time. Rejects with what to install when it can't be built. */
export async function findGoProgram({ name, source, version }: GoProgram, env = process.env): Promise<string> {
  const target = join(cacheFolder, `${name}-${version}`);
  return await useFirstThatWorks(
    name,
    [
      { what: target, run: async () => findOnPath(`${name}-${version}`, { PATH: cacheFolder }) },
      { what: `go install ${source}@${version}`, run: () => build(target, { name, source, version }, env) },
    ],
    `Install Go (https://go.dev/dl, or apt-get install golang), so that it can be built once.`,
  );
}

async function build(target: string, { source, version }: GoProgram, env: NodeJS.ProcessEnv) {
  const go = findOnPath('go', env);
  if (go === undefined) return undefined;
  process.stderr.write(`Building ${source}@${version} with Go, once …\n`);
  return await installInto(target, async (folder) => {
    const goEnv = { ...env, GOBIN: folder, GOFLAGS: '-trimpath', CGO_ENABLED: '0' };
    await runCommand(go, ['install', '-ldflags=-s -w', `${source}@${version}`], {
      env: goEnv,
      limitMs: BUILD_LIMIT_MS,
    });
    return join(folder, programName(source));
  });
}

/** As `go install` names a program: by the last part of its package's path that is no major version. */
function programName(source: string): string {
  const parts = source.split('/');
  const last = parts.at(-1) ?? source;
  return /^v\d+$/.test(last) ? (parts.at(-2) ?? last) : last;
}
