import type { WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Lets a local activity begin when the one before it has ended, whatever began them.
 *
 * Two at once end in two activations, and what follows each is in the history in that order. A replay knows both results beforehand, and gives
 * them to the workflow in one activation: what follows them runs in turns then, and the commands of the one that takes fewer turns come first,
 * whichever had ended first. Such a history would never replay.
 */
export function interceptors(): WorkflowInterceptors {
  let last: Promise<unknown> = Promise.resolve();
  return {
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          const result = startAfter(last, () => next(input));
          last = result.catch(() => {});
          return result;
        },
      },
    ],
  };
}

async function startAfter(before: Promise<unknown>, start: () => Promise<unknown>): Promise<unknown> {
  await before;
  return start();
}
