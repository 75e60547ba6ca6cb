import { DefaultFailureConverter } from '@temporalio/common';

declare global {
  /** Set in front of the bundle by a worker that encrypts; workflow code can't read settings. */
  var areFailuresEncrypted: boolean | undefined;
}

/** Converts as Temporal's SDK does; where payloads are encrypted, messages and stack traces of failures become payloads as well. */
export const failureConverter = new DefaultFailureConverter({
  encodeCommonAttributes: globalThis.areFailuresEncrypted === true,
});
