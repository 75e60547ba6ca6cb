import { extname, join } from 'node:path';

const folder = join(import.meta.dirname, '../../workflows');

// TypeScript when this file is run from the sources, JavaScript in a build.
const extension = extname(import.meta.filename);

/** The workflows' code, for `bundleWorkflowCode`: a bundle without converter and interceptors could be wedged by a bad signal. */
export const workflowCode = {
  workflowsPath: join(folder, `index${extension}`),
  payloadConverterPath: join(folder, `payload-converter${extension}`),
  workflowInterceptorModules: [join(folder, `reserved-signals${extension}`)],
};

/** The same for a worker that bundles the workflows itself. */
export const workerWorkflowCode = {
  workflowsPath: workflowCode.workflowsPath,
  dataConverter: { payloadConverterPath: workflowCode.payloadConverterPath },
  interceptors: { workflowModules: workflowCode.workflowInterceptorModules },
};
