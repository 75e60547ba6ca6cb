import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the workflows into the file that is named on the command line; a worker that gets it as `WORKFLOW_BUNDLE` starts sooner. */
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: bundle-workflows TARGET');
const workflowsPath = join(import.meta.dirname, '../../workflows', `index${extname(import.meta.filename)}`);
const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
await writeFile(target, code);
