import {
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  sleep,
  TimeoutFailure,
  uuid4,
} from '@temporalio/workflow';
import { failureTypes, type DueByHand } from '../src/domain/failures.ts';
import type { OrderCommand, ResolveStepCommand } from '../src/domain/messages.ts';
import { isRetriable, type SagaAction, type SagaProgress, type SagaState } from '../src/domain/saga.ts';
import { retriedFor, untilWritten } from './activity-options.ts';
import { runUninterrupted } from './interruptible.ts';
import type { OrderRun } from './order-run.ts';
import { runActivity, runRegularActivity, type ActivityCall, type Output } from './run-activity.ts';
import { orderRefund } from './order-refund.ts';
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
  readonly progress: SagaProgress;
}

/**
 * Parks a step that failed for good until an operator lets it succeed, says that it is done, or gives it up. Returns what it came
 * to, `undefined` when it was resolved by hand, and throws {@link StepSkipped} for a step that can be given up; a compensation or
 * a retriable step that was given up is simply left out. Money that the operator moved by hand is on record then, and in the ledger.
 */
export async function parkStep<Name extends SagaAction>(
  saga: StuckSaga,
  call: ActivityCall<Name>,
  failure: unknown,
): Promise<Output<Name> | undefined> {
  const { order } = saga;
  for (let error = failure; ;) {
    const due = dueByHand(error);
    const decision = await awaitDecision(saga, call, error);
    // What was due by hand may be a part: the next attempt finds it on record, and does the rest.
    if (decision.action === 'resolve' && !due) return undefined;
    if (decision.action === 'skip') {
      if (saga.state === 'COMPENSATING' || isRetriable(call.name)) return undefined;
      throw new StepSkipped(decision);
    }
    try {
      // Somebody may have resolved a part of it: it is tried once more.
      order.change({ kind: 'leftFastPath', step: call.name });
      return await runRegularActivity(call, retriedFor(order.input.stepPatienceMs));
    } catch (next) {
      if (next instanceof ApplicationFailure || isCancellation(next)) throw next;
      error = next;
    }
  }
}

/**
 * Parks a step until an operator has decided about it, and returns the decision; what they have done by hand is on record then. `error`
 * says why it can't go on by itself.
 */
export async function awaitDecision<Name extends SagaAction>(
  saga: StuckSaga,
  call: ActivityCall<Name>,
  error: unknown,
): Promise<ResolveStepCommand> {
  const { order, ledger } = saga;
  const { name: step } = call;
  const problem = describeFailure(error);
  const key = `parked:${uuid4()}`;
  order.change({ kind: 'parked', step, problem });
  let isDecided = false;
  try {
    const lastError = isBareTimeout(error) ? undefined : withType(error, problem);
    const parking = { key, step, problem, lastError, due: dueByHand(error) };
    // It is on record before anything that cancels the order, which says that nobody is needed any more.
    await runUninterrupted(() => runActivity(recordParking(saga, parking), untilWritten));
    const { command, resolve } = await showingWhy(step, problem, () => nextDecision(order, step));
    const decision = command.input;
    isDecided = true;
    order.change({ kind: 'unparked', step, isRetried: decision.action === 'retry' });
    try {
      const money = decision.action === 'resolve' ? moneyByHand(call, decision, dueByHand(error)) : undefined;
      const decide = recordDecision(saga, { key: `decided:${key}`, decision, money });
      // What an operator has done by hand is on record, even if the order is cancelled in the same moment.
      const { byHandMinor } = await CancellationScope.nonCancellable(() => runRegularActivity(decide, untilWritten));
      ledger.noteByHand(step, byHandMinor);
    } finally {
      resolve({ status: order.status });
    }
    return decision;
  } finally {
    if (!isDecided) ledger.note(step, { state: 'INTERRUPTED' });
    order.change({ kind: 'unparked', step, isRetried: false });
  }
}

/**
 * Shows on the workflow's timeline, where people look first, that it waits for them and why, for as long as `work` takes. The timer is
 * there to be seen: that it ends changes nothing.
 */
async function showingWhy<T>(step: SagaAction, problem: string, work: () => Promise<T>): Promise<T> {
  const shown = new CancellationScope({ cancellable: true });
  const summary = cutToBytes(`${step} needs attention, send resolveStep: ${problem}`, MAX_SUMMARY_BYTES);
  shown.run(() => sleep(SHOWN_FOR, { summary })).catch(() => {});
  try {
    return await work();
  } finally {
    shown.cancel();
  }
}

/** Longer than anybody leaves an order. */
const SHOWN_FOR = '3650 days';

/** Temporal takes 400 bytes and refuses the whole workflow task when there are more; a payload codec adds to them. */
const MAX_SUMMARY_BYTES = 200;

/** Cuts a text so that it is one line and takes at most this many bytes in UTF-8. */
function cutToBytes(text: string, most: number): string {
  const encoder = new TextEncoder();
  let cut = '';
  let bytes = encoder.encode('…').length;
  for (const character of text.replaceAll(/\s+/g, ' ')) {
    bytes += encoder.encode(character).length;
    if (bytes > most) return `${cut}…`;
    cut += character;
  }
  return cut;
}

async function nextDecision(order: OrderRun, step: SagaAction) {
  type Decision = Extract<OrderCommand, { name: 'resolveStep' }>;
  const pending = await order.commands.next(
    (command): command is Decision => command.name === 'resolveStep' && command.input.step === step,
  );
  if (!pending) throw new Error('the commands were closed while a step was parked');
  return pending;
}

interface Parking {
  readonly key: string;
  readonly step: SagaAction;
  readonly problem: string;
  /** `undefined` when all that is known is that its time ran out: what its attempts reported says more. */
  readonly lastError: string | undefined;
  readonly due: DueByHand | undefined;
}

function recordParking(
  saga: StuckSaga,
  { key, step, problem, lastError, due }: Parking,
): ActivityCall<'recordParking'> {
  const { order, ledger, progress } = saga;
  const { charges } = order.state;
  const refunded = due && due.refundedMinor > 0 && step === 'refundPaymentIfCharged';
  const input = {
    orderId: order.id,
    key,
    step: ledger.record(step, { state: 'FAILED', ...(lastError !== undefined && { lastError }) }),
    problem,
    progress,
    transactions: [...charges, ...(refunded ? [orderRefund(order, due.refundedMinor)] : [])],
    refundDueMinor: due?.dueMinor,
  };
  return { name: 'recordParking', input, summary: `${step} needs attention` };
}

const decided = { retry: 'RUNNING', skip: 'SKIPPED', resolve: 'RESOLVED' } as const;

type MoneyByHand = Omit<NonNullable<ActivityCall<'recordDecision'>['input']['money']>, 'currency'>;

interface Decided {
  readonly key: string;
  readonly decision: ResolveStepCommand;
  readonly money: MoneyByHand | undefined;
}

function recordDecision(saga: StuckSaga, { key, decision, money }: Decided): ActivityCall<'recordDecision'> {
  const { order, ledger } = saga;
  const { step, action, actor, reason } = decision;
  const record = ledger.record(step, { state: decided[action], actor });
  ledger.decide(record);
  const input = {
    orderId: order.id,
    key,
    action,
    actor,
    reason,
    step: record,
    sagaState: order.state.parked.size > 0 ? ('NEEDS_ATTENTION' as const) : saga.state,
    money: money && { ...money, currency: order.input.currency },
  };
  return { name: 'recordDecision', input, summary: `${action} ${step}` };
}

/** What an operator says to have moved by resolving a step: what was due, or else what the step would have moved. */
function moneyByHand<Name extends SagaAction>(
  { money }: ActivityCall<Name>,
  { reference }: ResolveStepCommand,
  due: DueByHand | undefined,
): MoneyByHand | undefined {
  const moved = money?.();
  return moved && { ...moved, dueMinor: due?.dueMinor, reference };
}

/** What a refund has left to a person, if that is why it failed. */
function dueByHand(error: unknown): DueByHand | undefined {
  if (!(error instanceof Error)) return undefined;
  if (!(error instanceof ApplicationFailure)) return dueByHand(error.cause);
  const [due] = error.details ?? [];
  return error.type === failureTypes.dueByHand ? (due as DueByHand) : dueByHand(error.cause);
}

/** Whether a time limit is the first cause, such as that of an attempt which was under way when the patience ended. */
function isBareTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.cause instanceof Error ? isBareTimeout(error.cause) : error instanceof TimeoutFailure;
}

/** A problem with a service, with its type before it as attempts report it, so that all orders of one kind are found by it. */
function withType(error: unknown, problem: string): string {
  if (!(error instanceof Error)) return problem;
  if (error.cause instanceof Error) return withType(error.cause, problem);
  const type = error instanceof ApplicationFailure ? error.type : undefined;
  return serviceFailures.some((known) => known === type) ? `${type}: ${problem}` : problem;
}

const serviceFailures = [failureTypes.unreachable, failureTypes.outcomeUnknown, failureTypes.rejected] as const;

/** The first cause, in the words of whoever noticed it: a limit that ran out says nothing by itself. */
export function describeFailure(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return describeFailure(cause);
  return error instanceof Error ? error.message : String(error);
}
