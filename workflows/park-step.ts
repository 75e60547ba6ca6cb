import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { OrderCommand, ResolveStepCommand } from '../src/domain/messages.ts';
import { isRetriable, type SagaAction, type SagaState, type StepRecord } from '../src/domain/saga.ts';
import { retriedFor, untilWritten } from './activity-options.ts';
import type { OrderRun } from './order-run.ts';
import { runActivity, runRegularActivity, type ActivityCall, type Output } from './run-activity.ts';
import type { StepLedger } from './step-ledger.ts';

/** An operator gave a step up: the saga compensates what it did. */
export class StepSkipped extends Error {
  override readonly name = 'StepSkipped';
  readonly command: ResolveStepCommand;

  constructor(command: ResolveStepCommand) {
    super(`${command.step} was given up`);
    this.command = command;
  }
}

/** A saga one of whose steps can't go on by itself. */
export interface StuckSaga {
  readonly order: OrderRun;
  readonly ledger: StepLedger;
  /** Where it stands but for the parked step. */
  readonly state: Extract<SagaState, 'RUNNING' | 'COMPENSATING'>;
}

/**
 * Parks a step that failed for good until an operator lets it succeed, says that it is done, or gives it up. Returns what it came
 * to, `undefined` when it was resolved by hand, and throws {@link StepSkipped} for a step that can be given up; a compensation or
 * a retriable step that was given up is simply left out.
 */
export async function parkStep<Name extends SagaAction>(
  saga: StuckSaga,
  call: ActivityCall<Name>,
  failure: unknown,
): Promise<Output<Name> | undefined> {
  const { order } = saga;
  for (let problem = describeFailure(failure); ;) {
    const decision = await awaitDecision(saga, call.name, problem);
    if (decision.action === 'resolve') return undefined;
    if (decision.action === 'skip') {
      if (saga.state === 'COMPENSATING' || isRetriable(call.name)) return undefined;
      throw new StepSkipped(decision);
    }
    try {
      return await runRegularActivity(call, retriedFor(order.input.stepPatienceMs));
    } catch (error) {
      if (error instanceof ApplicationFailure || isCancellation(error)) throw error;
      problem = describeFailure(error);
    }
  }
}

async function awaitDecision(saga: StuckSaga, step: SagaAction, problem: string): Promise<ResolveStepCommand> {
  const { order, ledger } = saga;
  order.change({ kind: 'parked', step, problem });
  try {
    await runActivity(
      recordState(saga, 'NEEDS_ATTENTION', ledger.record(step, { state: 'FAILED', lastError: problem })),
      untilWritten,
    );
    const { command, resolve } = await nextDecision(order, step);
    const decision = command.input;
    order.change({ kind: 'unparked', step });
    try {
      const record = ledger.record(step, { state: decided[decision.action], actor: decision.actor });
      ledger.decide(record);
      const sagaState = order.state.parked.size > 0 ? 'NEEDS_ATTENTION' : saga.state;
      await runRegularActivity(recordState(saga, sagaState, record), untilWritten);
    } finally {
      resolve({ status: order.status });
    }
    return decision;
  } finally {
    order.change({ kind: 'unparked', step });
  }
}

const decided = { retry: 'RUNNING', skip: 'SKIPPED', resolve: 'RESOLVED' } as const;

async function nextDecision(order: OrderRun, step: SagaAction) {
  type Decision = Extract<OrderCommand, { name: 'resolveStep' }>;
  const pending = await order.commands.next(
    (command): command is Decision => command.name === 'resolveStep' && command.input.step === step,
  );
  if (!pending) throw new Error('the commands were closed while a step was parked');
  return pending;
}

function recordState({ order }: StuckSaga, sagaState: SagaState, step: StepRecord): ActivityCall<'recordSagaState'> {
  const input = { orderId: order.id, sagaState, steps: [step] };
  return { name: 'recordSagaState', input, summary: `saga ${sagaState}` };
}

/** The first cause, in the words of whoever noticed it: a limit that ran out says nothing by itself. */
function describeFailure(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return describeFailure(cause);
  return error instanceof Error ? error.message : String(error);
}
