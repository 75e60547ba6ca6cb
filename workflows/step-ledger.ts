import type { SagaAction, StepRecord, StepState } from '../src/domain/saga.ts';

/** How far the steps and compensations of one saga have come, for the rows of the ledger that the next status write carries. */
export class StepLedger {
  readonly #records = new Map<SagaAction, StepRecord>();
  readonly #saga: string | undefined;

  /** `saga` names one of an order's amendments or returns; the saga that creates the order needs no name. */
  constructor(saga?: string) {
    this.#saga = saga;
  }

  get records(): StepRecord[] {
    return [...this.#records.values()];
  }

  stateOf(step: SagaAction): StepState | undefined {
    return this.#records.get(step)?.state;
  }

  /** A record of this saga. */
  record(step: SagaAction, rest: Pick<StepRecord, 'state' | 'lastError' | 'actor'>): StepRecord {
    return { ...(this.#saga !== undefined && { saga: this.#saga }), step, attempts: 1, ...rest };
  }

  /** Notes an operator's decision on a step. */
  decide(record: StepRecord): void {
    this.#records.set(record.step, record);
  }

  /** Notes what a step came to, unless an operator has given it up or resolved it by hand: their word stays. */
  note(step: SagaAction, rest: Pick<StepRecord, 'state' | 'lastError'>): void {
    const known = this.stateOf(step);
    if (known !== 'SKIPPED' && known !== 'RESOLVED') this.#records.set(step, this.record(step, rest));
  }
}
