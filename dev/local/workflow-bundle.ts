import { join } from 'node:path';
import { runProcess } from './node-process.ts';
import type { LogLine } from './server-process.ts';

/**
 * Bundles the workflows into `folder` and returns the environment with WORKFLOW_BUNDLE set to that file, unless it is set already.
 * A worker that has to bundle the workflows itself needs seconds longer to restart after it was killed.
 */
export async function addWorkflowBundle(
  env: NodeJS.ProcessEnv,
  folder: string,
  log: LogLine,
): Promise<NodeJS.ProcessEnv> {
  if (env['WORKFLOW_BUNDLE']) return env;
  const file = join(folder, 'workflow-bundle.js');
  await runProcess({ main: 'src/temporal/bundle-workflows', args: [file], env, log });
  return { ...env, WORKFLOW_BUNDLE: file };
}
