import { CREATE_SAGA, type SagaAction, type StepRecord, type StepState } from '../src/domain/saga.ts';

/** How far the steps and compensations of one saga have come and when, for the rows of the ledger that the next write carries. */
export class StepLedger {
  readonly #records = new Map<SagaAction, StepRecord>();
  readonly #begunAt = new Map<SagaAction, string>();
  readonly #byHandMinor = new Map<SagaAction, number>();
  readonly #saga: string | undefined;

  /** `saga` names one of an order's amendments or returns; the saga that creates the order needs no name. */
  constructor(saga?: string) {
    this.#saga = saga;
  }

  /** The saga's name in the ledger. */
  get saga(): string {
    return this.#saga ?? CREATE_SAGA;
  }

  get records(): StepRecord[] {
    return [...this.#records.values()];
  }

  stateOf(step: SagaAction): StepState | undefined {
    return this.#records.get(step)?.state;
  }

  /** Whether this run of the workflow has begun a step. */
  hasBegun(step: SagaAction): boolean {
    return this.#begunAt.has(step);
  }

  /** Notes when a step began, the first time: now, unless `at` is given. */
  begin(step: SagaAction, at?: string): void {
    if (!this.#begunAt.has(step)) this.#begunAt.set(step, at ?? new Date().toISOString());
  }

  /** A record of this saga, as of now. */
  record(step: SagaAction, rest: Pick<StepRecord, 'state' | 'lastError' | 'actor' | 'endedAt'>): StepRecord {
    const startedAt = this.#begunAt.get(step);
    return {
      ...(this.#saga !== undefined && { saga: this.#saga }),
      step,
      attempts: 1,
      ...(startedAt !== undefined && { startedAt }),
      ...(rest.state !== 'RUNNING' && { endedAt: new Date().toISOString() }),
      ...rest,
    };
  }

  /** Notes an operator's decision on a step. */
  decide(record: StepRecord): void {
    this.#records.set(record.step, record);
  }

  /** Notes what a step came to, unless an operator has given it up or resolved it by hand: their word stays. */
  note(step: SagaAction, rest: Pick<StepRecord, 'state' | 'lastError' | 'endedAt'>): void {
    const known = this.stateOf(step);
    if (known !== 'SKIPPED' && known !== 'RESOLVED') this.#records.set(step, this.record(step, rest));
  }

  /** Notes what an operator has charged or refunded in all in the place of a step, in minor units. */
  noteByHand(step: SagaAction, amountMinor: number): void {
    this.#byHandMinor.set(step, amountMinor);
  }

  /** What an operator has charged or refunded in the place of a step, in minor units. */
  byHandMinor(step: SagaAction): number {
    return this.#byHandMinor.get(step) ?? 0;
  }
}
