import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { findOnPath, runCommand } from '../../../dev/local/run-command.ts';
import { installPythonProgram } from '../../setup/install-python-program.ts';
import { findGoProgram, goPrograms } from '../setup/find-program.ts';

/** Rejects with what is wrong with the manifests of a file. */
export type Validator = (file: string) => Promise<void>;

const VALIDATION_LIMIT_MS = 120_000;

/** A module of Go is downloaded once, checked against its database of hashes. */
const DOWNLOAD_LIMIT_MS = 300_000;

/** Against the schemas of Kubernetes 1.37, unknown fields refused; it knows nothing of others' resources. */
export async function createSchemaValidator(): Promise<Validator> {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const program = await installPythonProgram('kubernetes-validate', 'kubernetes-validate', requirements);
  return async (file) => {
    await runCommand(program, ['--strict', '--quiet', '--no-warn', file], { limitMs: VALIDATION_LIMIT_MS });
  };
}

/** As an API server validates, with the resources of KEDA and of the Prometheus operator, whose definitions are copied to `folder`. */
export async function createServerValidator(folder: string): Promise<Validator> {
  const program = await findGoProgram(goPrograms.kubectlValidate);
  const definitions = join(folder, 'definitions');
  await mkdir(definitions, { recursive: true });
  for (const { module, path } of customResources) {
    const source = join(await downloadModule(module), path);
    await copyFile(source, join(definitions, basename(path)));
  }
  return async (file) => {
    await runCommand(program, [file, '--local-crds', definitions], { limitMs: VALIDATION_LIMIT_MS });
  };
}

const customResources = [
  { module: 'github.com/kedacore/keda/v2@v2.21.0', path: 'config/crd/bases/keda.sh_scaledobjects.yaml' },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    path: 'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml',
  },
];

async function downloadModule(module: string): Promise<string> {
  const go = findOnPath('go', process.env);
  if (go === undefined) throw new Error(`Install Go (https://go.dev/dl), so that ${module} can be downloaded.`);
  // Outside of any module.
  const answer = await runCommand(go, ['mod', 'download', '-json', module], { limitMs: DOWNLOAD_LIMIT_MS, cwd: '/' });
  return z.object({ Dir: z.string() }).parse(JSON.parse(answer)).Dir;
}
