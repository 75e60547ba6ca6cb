import type { temporal } from '@temporalio/proto';
import { uuidv7 } from 'uuidv7';
import type { SagaRig } from './saga-rig.ts';

type EventId = temporal.api.history.v1.IHistoryEvent['eventId'];

/** The latest run of an order's workflow, and the events at which its workflow tasks were completed: what it can be reset to. */
export async function findTasks(rig: SagaRig, orderId: string) {
  const { runId } = await rig.handle(orderId).describe();
  const { events } = await rig.handle(orderId).fetchHistory();
  const completed = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: task }) => task);
  return { runId, tasks: completed.map(({ eventId }) => eventId) };
}

/** Resets a run of an order's workflow to one of its workflow tasks, as `temporal workflow reset` does. */
export async function resetOrder(
  { temporal: { connection, namespace } }: SagaRig,
  orderId: string,
  {
    runId,
    eventId,
    reapply,
  }: {
    readonly runId: string;
    readonly eventId: EventId;
    readonly reapply?: temporal.api.enums.v1.ResetReapplyType;
  },
): Promise<void> {
  await connection.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: `order-${orderId}`, runId },
    ...(eventId && { workflowTaskFinishEventId: eventId }),
    reason: 'a test',
    requestId: uuidv7(),
    ...(reapply !== undefined && { resetReapplyType: reapply }),
  });
}
