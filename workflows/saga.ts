import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { ResolveStepCommand } from '../src/domain/messages.ts';
import { carriedThrough, type SagaState, type SagaStep, type SagaUndo, type StepRecord } from '../src/domain/saga.ts';
import { retriedFor, untilWritten } from './activity-options.ts';
import type { Entry } from './inbox.ts';
import type { Order } from './order.ts';
import { runActivity, runRegular, type ActivityCall } from './run-activity.ts';

/** An operator gave a step up; the saga takes back what it did. */
export class StepSkipped extends Error {
  override readonly name = 'StepSkipped';
  readonly command: ResolveStepCommand;

  constructor(command: ResolveStepCommand) {
    super(`${command.step} was given up`);
    this.command = command;
  }
}

type Step = SagaStep & keyof Activities;
type Undo = SagaUndo & keyof Activities;
type Result<Name extends keyof Activities> = Awaited<ReturnType<Activities[Name]>>;

/** What undos have come to, by name; `undefined` for one that an operator skipped or resolved. */
export type UndoResults = Partial<{ [Name in Undo]: Result<Name> }>;

/** Runs steps and undos, remembers what to take back, and parks what can't go on until an operator decides. */
export class Saga {
  readonly order: Order;
  /** What the ledger calls it; the one that creates the order has no need of a name. */
  readonly name: string | undefined;
  readonly #undos: ActivityCall<Undo>[] = [];
  readonly #begun = new Set<Step>();
  readonly #records = new Map<string, StepRecord>();
  #isBound = false;
  #state: SagaState = 'RUNNING';

  constructor(order: Order, name?: string) {
    this.order = order;
    this.name = name;
  }

  /** What steps and undos came to, for the ledger. */
  get records(): StepRecord[] {
    return [...this.#records.values()];
  }

  /** Whether the saga has come to a step, as far as this run knows. */
  hasBegun(step: Step): boolean {
    return this.#begun.has(step);
  }

  /** Whether an operator gave a step up. */
  wasSkipped(step: Step): boolean {
    return this.#records.get(step)?.state === 'SKIPPED';
  }

  /** Registers what takes the next step back; called before the step, since a step that failed may have acted. */
  undoBy<Name extends Undo>(call: ActivityCall<Name>): void {
    if (!this.#undos.some((undo) => undo.name === call.name)) this.#undos.push(call);
  }

  /**
   * Runs a step until it succeeds, is refused (throws the `ApplicationFailure`) or cancelled, or an operator decides:
   * `undefined` when resolved by hand, {@link StepSkipped} when given up.
   */
  async step<Name extends Step>(call: ActivityCall<Name>): Promise<Result<Name> | undefined> {
    return this.#take(call, () => this.#run(call));
  }

  /**
   * The same for a step that can't be taken back: not on the fast path, so that everything before it is in the history when it
   * begins, and no lost task can make it happen for a saga that then goes another way. A cancellation that comes before it is
   * thrown, and one that comes later waits: nobody could say how far it had come.
   */
  async irrevocably<Name extends Step>(call: ActivityCall<Name>): Promise<Result<Name> | undefined> {
    const scope = CancellationScope.current();
    if (scope.consideredCancelled && !this.#isBound) return scope.cancelRequested;
    this.#isBound = true;
    return CancellationScope.nonCancellable(() => this.#take(call, () => runRegular(call, this.#patience)));
  }

  async #take<Name extends Step>(
    call: ActivityCall<Name>,
    run: () => Promise<Result<Name>>,
  ): Promise<Result<Name> | undefined> {
    this.#begun.add(call.name);
    try {
      const result = await this.#runOrPark(call, run);
      this.#note(call.name, 'DONE');
      return result;
    } catch (error) {
      if (error instanceof ApplicationFailure) this.#note(call.name, 'REFUSED', error.message);
      throw error;
    }
  }

  /** Takes back everything in reverse order; one undo that fails keeps none of the others from running. Returns when each is settled. */
  async compensate(): Promise<UndoResults> {
    this.#state = 'COMPENSATING';
    const results: UndoResults = {};
    await CancellationScope.nonCancellable(async () => {
      const parked: Promise<void>[] = [];
      for (const undo of this.#undos.toReversed()) {
        const settle = async (result: unknown) => {
          Object.assign(results, { [undo.name]: result });
          this.#note(undo.name, 'DONE');
        };
        try {
          await settle(await this.#run(undo));
        } catch (error) {
          // Refused, since the goods have left: the order stays what it is.
          if (error instanceof ApplicationFailure) this.#note(undo.name, 'REFUSED', error.message);
          else parked.push(this.#settleParked(undo, error).then(settle));
        }
      }
      await Promise.all(parked);
    });
    this.#undos.length = 0;
    return results;
  }

  async #runOrPark<Name extends keyof Activities>(
    call: ActivityCall<Name>,
    run: () => Promise<Result<Name>>,
  ): Promise<Result<Name> | undefined> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof ApplicationFailure || isCancellation(error)) throw error;
      return this.#settleParked(call, error);
    }
  }

  #run<Name extends keyof Activities>(call: ActivityCall<Name>): Promise<Result<Name>> {
    return runActivity(call, this.#patience, () => {
      this.order.waitsIn(call.name as Step | Undo);
    });
  }

  get #patience() {
    return retriedFor(this.order.input.stepPatienceMs);
  }

  /** Parks until an operator lets the step succeed, gives it up or says that it is done. */
  async #settleParked<Name extends keyof Activities>(
    call: ActivityCall<Name>,
    failure: unknown,
  ): Promise<Result<Name> | undefined> {
    const step = call.name as Step | Undo;
    for (let problem = describeFailure(failure); ;) {
      const decision = await this.#park(step, problem);
      if (decision.action === 'resolve') return undefined;
      if (decision.action === 'skip') {
        if (this.#state === 'COMPENSATING' || carriedThrough.includes(step)) return undefined;
        throw new StepSkipped(decision);
      }
      try {
        return await runRegular(call, this.#patience);
      } catch (error) {
        if (error instanceof ApplicationFailure || isCancellation(error)) throw error;
        problem = describeFailure(error);
      }
    }
  }

  async #park(step: Step | Undo, problem: string): Promise<ResolveStepCommand> {
    this.order.park(step, problem);
    try {
      await this.#record('NEEDS_ATTENTION', this.#named({ step, state: 'FAILED', attempts: 1, lastError: problem }));
      const { entry, command } = await this.#nextDecision(step);
      this.order.unpark(step);
      try {
        const state = decided[command.action];
        const record = this.#named({ step, state, attempts: 1, actor: command.actor });
        this.#records.set(step, record);
        await this.#record(this.order.parked.size > 0 ? 'NEEDS_ATTENTION' : this.#state, record);
      } finally {
        entry.resolve({ status: this.order.status });
      }
      return command;
    } finally {
      this.order.unpark(step);
    }
  }

  async #nextDecision(step: Step | Undo): Promise<{ entry: Entry; command: ResolveStepCommand }> {
    const entry = await this.order.inbox.next(
      ({ name, command }) => name === 'resolveStep' && 'step' in command && command.step === step,
    );
    return { entry: entry!, command: entry!.command as ResolveStepCommand };
  }

  async #record(sagaState: SagaState, step: StepRecord): Promise<void> {
    const input = { orderId: this.order.id, sagaState, steps: [step] };
    await runActivity({ name: 'recordSagaState', input, summary: `saga ${sagaState}` }, untilWritten);
  }

  /** An operator's word on a step is not overwritten by what the saga makes of it. */
  #note(step: Step | Undo, state: 'DONE' | 'REFUSED', lastError?: string): void {
    const known = this.#records.get(step)?.state;
    if (known === 'SKIPPED' || known === 'RESOLVED') return;
    this.#records.set(step, this.#named({ step, state, attempts: 1, ...(lastError !== undefined && { lastError }) }));
  }

  #named(record: StepRecord): StepRecord {
    return this.name === undefined ? record : { saga: this.name, ...record };
  }
}

const decided = { retry: 'RUNNING', skip: 'SKIPPED', resolve: 'RESOLVED' } as const;

/** What went wrong at last, in the words of whoever noticed it: a limit that ran out says nothing by itself. */
function describeFailure(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return describeFailure(cause);
  return error instanceof Error ? error.message : String(error);
}
