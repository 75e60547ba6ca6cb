/**
 * What goes wrong with a request: `lost`: it has its effect and the connection breaks. `late`: the connection breaks, and the effect
 * comes when `releaseLate` is called. `dropped`: neither. `500`: an error without effect; `500_after`: with its effect; both are saved with the
 * idempotency key, as Stripe does. `429`: turned away, with Retry-After.
 */
export type StripeFaultMode = 'lost' | 'late' | 'dropped' | '500' | '500_after' | '429';

/** Something that goes wrong, with the next `times` requests that match. */
export interface StripeFault {
  readonly mode: StripeFaultMode;
  readonly method: string;
  /** The path must match. */
  readonly path: RegExp;
  times: number;
  readonly retryAfterSeconds?: number;
  /** Is called when a request meets it. */
  readonly onMet?: () => void;
}

/** The faults that are still to come. */
export class StripeFaults {
  #faults: StripeFault[] = [];

  add(
    mode: StripeFaultMode,
    path: RegExp,
    more: Partial<Pick<StripeFault, 'times' | 'method' | 'retryAfterSeconds' | 'onMet'>> = {},
  ): void {
    this.#faults.push({ mode, path, method: 'POST', times: 1, ...more });
  }

  clear(): void {
    this.#faults = [];
  }

  /** Takes the next fault of a request, if any. */
  take(method: string, path: string): StripeFault | undefined {
    const fault = this.#faults.find((one) => one.times > 0 && one.method === method && one.path.test(path));
    if (!fault) return undefined;
    fault.times -= 1;
    fault.onMet?.();
    return fault;
  }
}
