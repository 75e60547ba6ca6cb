import { extname, join } from 'node:path';
import type { BundleOptions } from '@temporalio/worker';

const folder = join(import.meta.dirname, '../../workflows');

// TypeScript when this file is run from the sources, JavaScript in a build.
const extension = extname(import.meta.filename);
const workflowsPath = join(folder, `index${extension}`);
const payloadConverterPath = join(folder, `payload-converter${extension}`);
const workflowInterceptorModules = [join(folder, `reserved-signals${extension}`)];

/** How the code is bundled, so that a workflow costs little to start. */
const bundling = {
  // Loaded once for all workflows of a thread, instead of once for each: they keep no state outside of functions.
  preloadModules: [workflowsPath, payloadConverterPath, ...workflowInterceptorModules],
  webpackConfigHook: keepPrivateFields,
} satisfies Partial<BundleOptions>;

/** The workflows' code, for `bundleWorkflowCode`: a bundle without converter and interceptors could be wedged by a bad signal. */
export const workflowCode = { workflowsPath, payloadConverterPath, workflowInterceptorModules, ...bundling };

/** The same for a worker that bundles the workflows itself. */
export const workerWorkflowCode = {
  workflowsPath,
  dataConverter: { payloadConverterPath },
  interceptors: { workflowModules: workflowInterceptorModules },
  bundlerOptions: bundling,
};

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
