import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { WorkflowHandle } from '@temporalio/client';
import { directActor } from '../../domain/direct-command.ts';
import type { CreateOrderInput, ResumePoint } from '../../domain/messages.ts';
import { orderWorkflowId } from '../../domain/order.ts';
import { parseCommand } from '../../domain/parse-command.ts';
import { sagas } from '../../domain/saga.ts';
import { isLine, MAX_REASON } from '../../domain/text-rules.ts';
import type { TemporalConnection } from '../connection.ts';

/** How the last run of an order's workflow was ended by force, and the cancellation that was under way then. */
export interface Ending {
  readonly runId: string;
  /** As Temporal says it, such as `TERMINATED`. */
  readonly how: string;
  /** Who terminated it, as they told Temporal. */
  readonly actor: string | undefined;
  readonly reason: string | undefined;
  readonly cancel: ResumePoint['cancel'];
}

/** Reads from a run's history who ended it, why, and which cancellation it had not come to the end of. */
export async function readEnding({ client }: TemporalConnection, orderId: string, how: string): Promise<Ending> {
  const handle = client.workflow.getHandle(orderWorkflowId(orderId));
  const { runId } = await handle.describe();
  const events = (await handle.fetchHistory()).events ?? [];
  const terminated = events.at(-1)?.workflowExecutionTerminatedEventAttributes;
  const decode = async (payloads: Parameters<typeof decodeArrayFromPayloads>[1]): Promise<unknown> =>
    (await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads))[0];
  return {
    runId,
    how,
    actor: asLine(terminated?.identity),
    reason: asLine(terminated?.reason),
    cancel: await findCancellation(events, decode),
  };
}

/** What anyone may have typed, as one line; `undefined` when there is nothing that may be kept of it. */
function asLine(text: string | null | undefined): string | undefined {
  const one = text?.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_REASON);
  return one && isLine(one, MAX_REASON) ? one : undefined;
}

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;
type Decode = (payloads: Parameters<typeof decodeArrayFromPayloads>[1]) => Promise<unknown>;

/** The first cancellation that was accepted and not answered: what comes of it is written when it is carried out. */
async function findCancellation(events: Events, decode: Decode): Promise<ResumePoint['cancel']> {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const input = (await decode(started?.input?.payloads).catch(() => undefined)) as CreateOrderInput | undefined;
  if (input?.resume?.cancel) return input.resume.cancel;
  const answered = new Set(
    events.map((event) => String(event.workflowExecutionUpdateCompletedEventAttributes?.acceptedEventId)),
  );
  for (const event of events) {
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (event.workflowExecutionCancelRequestedEventAttributes) {
      return { actor: directActor('workflow-cancellation'), reason: 'the workflow was cancelled' };
    }
    const sent = accepted
      ? { name: accepted.name, payloads: accepted.args?.payloads }
      : { name: signal?.signalName, payloads: signal?.input?.payloads };
    const isOpen = !accepted || !answered.has(String(event.eventId));
    // The order of the messages is the order in which they were acted on.
    // oxlint-disable-next-line no-await-in-loop
    const cancel = await readCancellation(sent.name, () => decode(sent.payloads), isOpen);
    if (cancel) return cancel;
  }
  return undefined;
}

/** A cancellation, or the decision of an operator who gave the order up: that was answered at once. */
async function readCancellation(
  name: string | null | undefined,
  decode: () => Promise<unknown>,
  isOpen: boolean,
): Promise<ResumePoint['cancel']> {
  if (name !== 'resolveStep' && (name !== 'cancelOrder' || !isOpen)) return undefined;
  const given = await decode().catch(() => undefined);
  const command = parseCommand(name, given, 'unknown');
  if (typeof command === 'string') return undefined;
  const { actor, reason } = command.input;
  if (command.name === 'cancelOrder') return { actor, reason: reason || 'cancelled' };
  if (command.name !== 'resolveStep') return undefined;
  const { step, action } = command.input;
  const givesUp = action === 'skip' && step !== 'notifyCustomer' && Object.hasOwn(sagas.create, step);
  return givesUp ? { actor, reason: reason || `${step} was given up` } : undefined;
}
