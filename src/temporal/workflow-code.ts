import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, type BundleOptions } from '@temporalio/worker';

const folder = join(import.meta.dirname, '../../workflows');

// TypeScript when this file is run from the sources, JavaScript in a build.
const extension = extname(import.meta.filename);
const workflowsPath = join(folder, `index${extension}`);
const payloadConverterPath = join(folder, `payload-converter${extension}`);
const failureConverterPath = join(folder, `failure-converter${extension}`);
const workflowInterceptorModules = [
  'reserved-signals',
  'attempt-in-turn',
  'record-slow-attempts',
  'carry-request-id',
  'trace-headers',
].map((name) => join(folder, `${name}${extension}`));

/** How the code is bundled, so that a workflow costs little to start. */
const bundling = {
  // Loaded once for all workflows of a thread, instead of once for each: they keep no state outside of functions.
  preloadModules: [workflowsPath, payloadConverterPath, failureConverterPath, ...workflowInterceptorModules],
  webpackConfigHook: keepPrivateFields,
} satisfies Partial<BundleOptions>;

/** The workflows' code, for `bundleWorkflowCode`: a bundle without converter and interceptors could be wedged by a bad signal. */
export const workflowCode = {
  workflowsPath,
  payloadConverterPath,
  failureConverterPath,
  workflowInterceptorModules,
  ...bundling,
};

/** The same for a worker that bundles the workflows itself. */
const ownCode = {
  workflowsPath,
  dataConverter: { payloadConverterPath },
  interceptors: { workflowModules: workflowInterceptorModules },
  bundlerOptions: bundling,
};

/** What workflow code does beside its work, which it can't read from settings. */
export interface WorkflowExtras {
  /** With it payloads are encrypted, and failures become payloads. */
  readonly dataConverter?: DataConverter | undefined;
  readonly isTraced?: boolean;
}

/** The options by which a worker finds the workflows: in the bundle `file` if there is one, else it bundles them itself. */
export async function findWorkflowCode(file: string | undefined, { dataConverter, isTraced = false }: WorkflowExtras) {
  if (!dataConverter && !isTraced) return file === undefined ? ownCode : { workflowBundle: { codePath: file } };
  const code = file === undefined ? await bundleCode() : await readFile(file, 'utf8');
  // On one line with what follows, so that places in the code stay true. See workflows/{failure-converter,trace-headers}.ts.
  const flags = `globalThis.areFailuresEncrypted = ${dataConverter !== undefined}; globalThis.areWorkflowsTraced = ${isTraced};`;
  return { ...(dataConverter && { dataConverter }), workflowBundle: { code: `${flags} ${code}` } };
}

async function bundleCode(): Promise<string> {
  const { code } = await bundleWorkflowCode({ ...workflowCode, logger: new DefaultLogger('WARN') });
  return code;
}

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/** The SDK compiles TypeScript for runtimes without private fields, which makes each of them a slower `WeakMap`. */
function keepPrivateFields(config: WebpackConfig): WebpackConfig {
  for (const rule of config.module?.rules ?? []) {
    if (!rule || typeof rule !== 'object' || !rule.use || typeof rule.use !== 'object' || Array.isArray(rule.use))
      continue;
    const { options } = rule.use;
    if (typeof options === 'object' && 'jsc' in options) options['jsc'] = { ...options['jsc'], target: 'es2022' };
  }
  return config;
}
