import { MAX_WAIT_MS, patienceOf } from '../access/prefer.ts';
import type { CallMetadata } from './call.ts';

/** What an answer needs to reach a caller in time: a tenth of what is left, and no more than half a second. */
const PART_FOR_ANSWER = 0.1;
const MAX_FOR_ANSWER_MS = 500;

/**
 * The same dependencies, waiting for an outcome as long as the call's deadline allows, or as they would without one; less if `prefer` says so. A
 * deadline that is over waits for nothing: what is asked for is done all the same, as when an answer is lost.
 */
export function asPatientAs<Dependencies extends { readonly waitMs: number }>(
  { requestHeader, timeoutMs }: Pick<CallMetadata, 'requestHeader' | 'timeoutMs'>,
  dependencies: Dependencies,
): Dependencies {
  const leftMs = timeoutMs();
  const byDeadlineMs = leftMs === undefined ? dependencies.waitMs : MAX_WAIT_MS;
  const { waitMs } = patienceOf(requestHeader.get('prefer') ?? undefined, byDeadlineMs);
  return { ...dependencies, waitMs: leftMs === undefined ? waitMs : Math.min(waitMs, answerableWithin(leftMs)) };
}

function answerableWithin(leftMs: number): number {
  return Math.max(0, leftMs - Math.min(leftMs * PART_FOR_ANSWER, MAX_FOR_ANSWER_MS));
}
