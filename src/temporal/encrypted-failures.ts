import { DefaultFailureConverter } from '@temporalio/common';

/** Puts message and stack trace of a failure into a payload, which is then encrypted; Temporal shows "Encoded failure" instead. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
