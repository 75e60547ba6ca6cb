import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workflowCode } from './workflow-code.ts';

/** Bundles the workflows into the file that is named on the command line; a worker that gets it as `WORKFLOW_BUNDLE` starts sooner. */
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: bundle-workflows TARGET');
const { code } = await bundleWorkflowCode({ ...workflowCode, logger: new DefaultLogger('WARN') });
await writeFile(target, code);
