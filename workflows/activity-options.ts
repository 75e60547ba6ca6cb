import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/**
 * The fast path: one attempt inside the workflow task, so that an order which goes well costs one event a step.
 * Two seconds leave a gateway its own limit of 1.5 s plus a write; whatever takes longer belongs where an operator sees it.
 */
export const onFastPath = {
  startToCloseTimeout: '2s',
  scheduleToCloseTimeout: '4s',
  retry: { maximumAttempts: 1 },
} satisfies LocalActivityOptions;

/**
 * All steps in one attempt. The last one begins within two seconds, and has as long as it would have on the fast path.
 */
export const onFastPathTogether = {
  startToCloseTimeout: '4s',
  scheduleToCloseTimeout: '6s',
  retry: { maximumAttempts: 1 },
} satisfies LocalActivityOptions;

const untilItWorks = {
  // A lookup, the call itself and two ledger writes, each with its own limit of at most 1.5 s, on a slow day.
  startToCloseTimeout: '10s',
  // Attempts heartbeat each half second: a worker that died is noticed in two.
  heartbeatTimeout: '2s',
  retry: {
    initialInterval: '250ms',
    backoffCoefficient: 2,
    // How long an order waits at most after the service has come back; a thousand waiting orders make 333 calls a second.
    maximumInterval: '3s',
  },
} satisfies ActivityOptions;

/** A step off the fast path: retried for `patienceMs`, after which somebody has to look. */
export function retriedFor(patienceMs: number): ActivityOptions {
  return { ...untilItWorks, scheduleToCloseTimeout: patienceMs };
}

/**
 * Writes to the projection: retried without end, since the order can't go on without them.
 * An order that waits for its database stays visible as a pending activity. They do not heartbeat: a write takes milliseconds.
 */
export const untilWritten = {
  startToCloseTimeout: '10s',
  retry: untilItWorks.retry,
} satisfies ActivityOptions;

/**
 * A range of an import, or a look at what is open of it: retried without end, since a service that is unavailable comes back.
 * Its orders at their slowest, each waited for up to a minute, take less than this by default; what is left then is simply tried again.
 */
export const untilRangeDone = {
  startToCloseTimeout: '30m',
  // Ten heartbeats: a range whose worker was only busy is not started a second time beside itself.
  heartbeatTimeout: '5s',
  retry: untilItWorks.retry,
  // An interrupted range first writes what became of the orders that it had placed.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
} satisfies ActivityOptions;

/** A message that could not be sent for ten minutes is old news; its failure is recorded and the order goes on. */
export const NOTIFY_PATIENCE_MS = 10 * 60_000;
