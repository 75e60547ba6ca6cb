import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type {
  Compensation,
  CompensationOf,
  SagaAction,
  SagaProgress,
  SagaState,
  SagaStep,
} from '../src/domain/saga.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import { isJsonObject } from '../src/domain/read-message.ts';
import type { StepReport } from '../src/domain/step-report.ts';
import { retriedFor } from './activity-options.ts';
import type { OrderRun } from './order-run.ts';
import { parkStep, StepSkipped } from './park-step.ts';
import { runActivity, runRegularActivity, type ActivityCall, type Output } from './run-activity.ts';
import { runStep } from './run-step.ts';
import { StepLedger } from './step-ledger.ts';

/** What compensates each step of a saga, in the order of the steps; `undefined` where nothing is to be compensated this time. */
export type Compensations<Step extends SagaStep> = {
  readonly [Name in Step as [CompensationOf<Name>] extends [never] ? never : Name]:
    | ActivityCall<CompensationOf<Name>>
    | undefined;
};

/** What compensating a saga came to. */
export interface Compensated {
  /** What the customer got back through the payment service; `undefined` when no compensation told, such as one that an operator skipped. */
  readonly refundedMinor: number | undefined;
  /** What an operator gave back by hand. */
  readonly byHandMinor: number;
  /** Charges that were found and given back, and that the saga had not heard of. */
  readonly charges: readonly PaymentTransactionRecord[];
}

/**
 * Runs the steps of a saga and compensates them. Every compensation is registered before the first step runs: an attempt at the
 * workflow task that was lost with its worker may have come further than the next one.
 */
export class Saga<Step extends SagaStep> {
  readonly order: OrderRun;
  readonly ledger: StepLedger;
  readonly #compensations: readonly ActivityCall<Compensation>[];
  #isPastPivot = false;
  #state: Extract<SagaState, 'RUNNING' | 'COMPENSATING'> = 'RUNNING';

  /** `name` tells one of an order's amendments or returns from the others in the ledger. */
  constructor(order: OrderRun, compensations: Compensations<Step>, name?: string) {
    const declared: (ActivityCall<Compensation> | undefined)[] = Object.values(compensations);
    this.order = order;
    this.ledger = new StepLedger(name);
    order.beginSaga(this.ledger);
    this.#compensations = declared.filter((call) => call !== undefined);
  }

  get state(): Extract<SagaState, 'RUNNING' | 'COMPENSATING'> {
    return this.#state;
  }

  /** What is over of it, for the ledger. */
  get progress(): SagaProgress {
    return { steps: this.ledger.records, reservationId: this.order.state.reservationId };
  }

  /** Whether this run of the workflow has begun a step. */
  hasBegun(step: Step): boolean {
    return this.ledger.hasBegun(step);
  }

  /**
   * Runs a step until it succeeds, is refused (throws the `ApplicationFailure`) or cancelled, or an operator decides:
   * returns `undefined` when it was resolved by hand and throws `StepSkipped` when it was given up.
   */
  run<Name extends Step>(given: ActivityCall<Name>): Promise<Output<Name> | undefined> {
    const call = { ...given, progress: this.progress };
    const report = this.order.headStart.take(call.name);
    return this.#runStep(call, () => runStep(this.order, call, this.#patience, report), report);
  }

  /**
   * Runs a step that nobody is needed for when it fails for good: what it failed with is thrown then, as a refusal is. Tried for
   * `patienceMs`.
   */
  async attempt<Name extends Step>(given: ActivityCall<Name>, patienceMs: number): Promise<Output<Name>> {
    const call = { ...given, progress: this.progress };
    const report = this.order.headStart.take(call.name);
    this.ledger.begin(call.name, report?.startedAt);
    try {
      const result = await runStep(this.order, call, retriedFor(patienceMs), report);
      this.ledger.note(call.name, { state: 'DONE', ...(report?.state === 'DONE' && { endedAt: report.endedAt }) });
      return result;
    } finally {
      this.#endSlowStep(call.name);
    }
  }

  /**
   * Runs the pivot, or a retriable step after it. Not on the fast path: everything before it is in the history when it begins, and
   * no lost task can make it happen for a saga that then goes another way. A cancellation that comes before the pivot is thrown;
   * later ones wait, since nobody could say how far the pivot had come.
   */
  async runPivot<Name extends Step>(given: ActivityCall<Name>): Promise<Output<Name> | undefined> {
    const call = { ...given, progress: this.progress };
    const scope = CancellationScope.current();
    if (scope.consideredCancelled && !this.#isPastPivot) return scope.cancelRequested;
    this.#isPastPivot = true;
    return CancellationScope.nonCancellable(() =>
      this.#runStep(call, () => {
        this.#leaveFastPath(call.name);
        return runRegularActivity(call, this.#patience);
      }),
    );
  }

  /**
   * Runs every compensation in reverse order, even when one fails, and returns when each is settled. With `commitFirst` the first
   * one is not on the fast path: the message that led here is in the history then. Until its workflow task is complete Temporal
   * may forget an update, and the next attempt at the task would let the order go on.
   */
  async compensate({ commitFirst }: { readonly commitFirst: boolean }): Promise<Compensated> {
    this.#state = 'COMPENSATING';
    let refundedMinor: number | undefined;
    let byHandMinor = 0;
    let charges: readonly PaymentTransactionRecord[] = [];
    const settle = ({ name }: ActivityCall<Compensation>, result: Output<Compensation> | undefined) => {
      const refund = isRefund(result) ? result : undefined;
      if (refund) refundedMinor = refund.refundedMinor;
      charges = refund?.charges ?? charges;
      byHandMinor += refund ? refund.byHandMinor : this.ledger.byHandMinor(name);
      this.ledger.note(name, { state: 'DONE' });
    };
    await CancellationScope.nonCancellable(async () => {
      const parked: Promise<void>[] = [];
      let commits = commitFirst;
      for (const declared of this.#compensations.toReversed()) {
        const call = { ...declared, progress: this.progress };
        this.ledger.begin(call.name);
        try {
          settle(call, await this.#runCompensation(call, commits));
        } catch (error) {
          if (error instanceof ApplicationFailure) this.#noteRefusal(call.name, error);
          else parked.push(this.#parkCompensation(call, error, settle));
        }
        this.#endSlowStep(call.name);
        commits = false;
      }
      await Promise.all(parked);
    });
    return { refundedMinor, byHandMinor, charges };
  }

  async #runStep<Name extends Step>(
    call: ActivityCall<Name>,
    run: () => Promise<Output<Name> | undefined>,
    report?: StepReport<Output<Name>>,
  ): Promise<Output<Name> | undefined> {
    this.ledger.begin(call.name, report?.startedAt);
    try {
      const result = await run();
      this.ledger.note(call.name, { state: 'DONE', ...(report?.state === 'DONE' && { endedAt: report.endedAt }) });
      return result;
    } catch (error) {
      if (error instanceof ApplicationFailure) this.#noteRefusal(call.name, error);
      const isOver = error instanceof ApplicationFailure || error instanceof StepSkipped || isCancellation(error);
      if (isOver) throw error;
      // Awaited, so that the step has not ended before.
      return await this.#runStep(call, () => parkStep(this, call, error));
    } finally {
      this.#endSlowStep(call.name);
    }
  }

  #runCompensation<Name extends Compensation>(call: ActivityCall<Name>, commits: boolean): Promise<Output<Name>> {
    const leaveFastPath = () => this.#leaveFastPath(call.name);
    if (!commits) return runActivity(call, this.#patience, leaveFastPath);
    leaveFastPath();
    return runRegularActivity(call, this.#patience);
  }

  async #parkCompensation(
    call: ActivityCall<Compensation>,
    failure: unknown,
    settle: (call: ActivityCall<Compensation>, result: Output<Compensation> | undefined) => void,
  ): Promise<void> {
    try {
      settle(call, await parkStep(this, call, failure));
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      this.#noteRefusal(call.name, error);
    } finally {
      this.#endSlowStep(call.name);
    }
  }

  /** A compensation is refused once the goods have been shipped: the order stays what it is. */
  #noteRefusal(action: SagaAction, { message: lastError }: ApplicationFailure): void {
    this.ledger.note(action, { state: 'REFUSED', lastError });
  }

  #leaveFastPath(step: SagaAction): void {
    this.order.change({ kind: 'leftFastPath', step });
  }

  #endSlowStep(step: SagaAction): void {
    this.order.change({ kind: 'slowStepEnded', step });
  }

  get #patience() {
    return retriedFor(this.order.input.stepPatienceMs);
  }
}

/** Whether a compensation has told what it gave back; one that was completed by hand may have told anything. */
function isRefund(result: unknown): result is Extract<Output<Compensation>, object> {
  return isJsonObject(result) && typeof result['byHandMinor'] === 'number';
}
