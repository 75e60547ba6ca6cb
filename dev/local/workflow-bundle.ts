import { join } from 'node:path';
import { runProcess } from './node-process.ts';
import type { LogLine } from './server-process.ts';

/**
 * Bundles the workflows into `folder`, once for every worker that is started after it, and answers the environment that tells them:
 * a worker that has to bundle them itself is back seconds later when it was killed. One that is configured stays.
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
