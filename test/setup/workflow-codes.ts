import { readFileSync } from 'node:fs';
import { inject } from 'vitest';

/** The workflows' code as it is, and as a bad deployment has it: every workflow task of an order fails. */
export function readWorkflowCodes(): { readonly goodCode: string; readonly brokenCode: string } {
  const goodCode = readFileSync(inject('workflowBundle'), 'utf8');
  const brokenCode = goodCode.replace(
    /async function createOrder\([^)]*\) \{/,
    (head) => `${head} throw new TypeError('a bad deploy');`,
  );
  return { goodCode, brokenCode };
}
