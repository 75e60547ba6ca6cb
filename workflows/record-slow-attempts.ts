import { CancellationScope, sleep, type WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Has the history show each local activity that outlasts its workflow task, by a timer; one that ends within its task adds nothing to it,
 * since the timer is cancelled before the task is complete.
 *
 * Without it such a task is complete without a command, and the next one begins: a heartbeat. If the worker dies then, the next one sees an
 * update that waits in one activation with what came before the local activity, and every replay sees it in a later activation than that
 * (`find_end_index_of_next_wft_seq` in sdk-core's history_update.rs). An update that kept the activity from beginning, or acted before a
 * signal, would do so in the one and not in the other, and that history would never replay.
 */
export function interceptors(): WorkflowInterceptors {
  return {
    outbound: [
      {
        async scheduleLocalActivity(input, next) {
          const timer = new CancellationScope({ cancellable: true });
          timer.run(() => sleep(LONGER_THAN_ANY, { summary: `${input.activityType} is slow` })).catch(() => {});
          try {
            return await next(input);
          } finally {
            timer.cancel();
          }
        },
      },
    ],
  };
}

/** Any local activity has ended by then. */
const LONGER_THAN_ANY = '10s';
