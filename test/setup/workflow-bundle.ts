/** The name of the file that holds the workflows' bundle of a test run. */
export const WORKFLOW_BUNDLE = 'workflow-bundle.js';
