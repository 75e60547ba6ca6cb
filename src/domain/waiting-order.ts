import type { SagaAction } from './saga.ts';

/**
 * Why an order waits. RETRYING: a step fails and is tried again. NEEDS_ATTENTION: an operator has to decide. NOT_STARTED: it is
 * accepted and its workflow has not begun. The others only Temporal knows. PAUSED: somebody paused an activity or the workflow.
 * TASK_FAILING: its workflow tasks fail. KEY_MISSING: what it has to read is encrypted with a key that PAYLOAD_KEYS lacks. NO_WORKER: it has
 * something to do, and no worker takes it.
 */
export const waitCauses = [
  'RETRYING',
  'NEEDS_ATTENTION',
  'PAUSED',
  'TASK_FAILING',
  'KEY_MISSING',
  'NO_WORKER',
  'NOT_STARTED',
] as const;

export type WaitCause = (typeof waitCauses)[number];

/** What an order waits for. */
export interface Wait {
  readonly cause: WaitCause;
  /** The step or compensation; null when it waits in none. */
  readonly step: SagaAction | null;
  readonly since: Date;
  readonly attempts: number;
  readonly lastError: string | null;
}

/** Causes that only Temporal knows of, some of them not always. */
export const stallCauses = waitCauses.filter((cause) => cause !== 'NOT_STARTED');

/** A wait that only Temporal knows of, as the watcher has found it. */
export interface Stall extends Wait {
  readonly cause: (typeof stallCauses)[number];
  readonly orderId: string;
}

/** Causes that never end by themselves: such an order is stuck from the first moment, another one once it has waited too long. */
export const stuckCauses = [
  'NEEDS_ATTENTION',
  'PAUSED',
  'TASK_FAILING',
  'KEY_MISSING',
] as const satisfies readonly WaitCause[];
