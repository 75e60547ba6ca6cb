import type { StepReport } from '../src/domain/step-report.ts';
import type { ActivityName, Output } from './run-activity.ts';

type Reports = { readonly [Name in ActivityName]?: StepReport<Output<Name>> };

/** What is known of steps before the saga comes to them, from one attempt at all of them. Each step takes its own once. */
export class HeadStart {
  readonly #taken = new Set<ActivityName>();
  #reports: Reports = {};
  #isLost = false;

  /** Whether an attempt was made that nobody knows the outcome of. */
  get isLost(): boolean {
    return this.#isLost;
  }

  accept(reports: Reports): void {
    this.#reports = reports;
  }

  /** Nobody learns how far the attempt came: no step may be taken for one that has not run. */
  lose(): void {
    this.#isLost = true;
  }

  /** What the attempt says of a step; FAILED when it may have run, `undefined` when it has not, or was taken before. */
  take<Name extends ActivityName>(step: Name): StepReport<Output<Name>> | undefined {
    if (this.#taken.has(step)) return undefined;
    this.#taken.add(step);
    return this.#reports[step] ?? (this.#isLost ? { state: 'FAILED' } : undefined);
  }
}
