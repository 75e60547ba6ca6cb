import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import { awaitedUntilOf, failureTypes } from '../src/domain/failures.ts';
import { Restartable } from './restartable.ts';

/** How the answer of a service that answers later is waited for. */
export interface AnswerTerms {
  /** What is awaited, as the timeline shows it. */
  readonly summary: string;
  /** When the answer is looked up first. */
  readonly lookupMs: number;
  /** Called whenever a wait begins; `since`: since when the answer is awaited, RFC 3339. */
  readonly onWait: (since: string) => void;
}

/** What a service that says nothing for hours is asked at most, so that an order which waits for weeks has a short history. */
const MAX_LOOKUP_MS = 60 * 60_000;

/** The clock of whoever has set a time may be ahead of this one's. */
const LEAST_WAIT_MS = 1_000;

/** A request that its service has accepted; `until`: when its answer is asked for at the latest, RFC 3339. */
export interface Accepted {
  readonly until?: string | undefined;
}

/**
 * The answer to a request, which the service may give later. Waiting costs one timer: the answer is asked for when the service has said
 * that there is one, and at growing intervals in case it never does.
 */
export class AwaitedAnswer {
  readonly #terms: AnswerTerms;
  readonly #restartable = new Restartable();
  #since: string | undefined;
  #isAskedNow = false;

  constructor(terms: AnswerTerms) {
    this.#terms = terms;
  }

  /** Asks for the answer at once, instead of at the next retry or look-up; when nothing waits yet, as soon as something does. */
  askNow(): void {
    if (this.#restartable.isRunning) this.#restartable.restart();
    else this.#isAskedNow = true;
  }

  /**
   * Runs `attempt` until the service has answered. `accepted`: it has said before that it answers later. An attempt is told since when
   * the answer is awaited, so that it asks what became of the request before it makes it again. `until`: when it is asked at the latest.
   */
  run<T>(attempt: (awaitedSince: string | undefined) => Promise<T>, accepted: Accepted | undefined): Promise<T> {
    let awaited = accepted;
    return this.#restartable.run(async () => {
      for (let lookups = 0; ; lookups += 1) {
        if (awaited) {
          const { until } = awaited;
          awaited = undefined;
          await this.#wait(lookups, until);
        }
        try {
          return await attempt(this.#since);
        } catch (error) {
          awaited = acceptedBy(error);
          if (!awaited) throw error;
        }
      }
    });
  }

  async #wait(lookups: number, until: string | undefined): Promise<void> {
    const { summary, lookupMs, onWait } = this.#terms;
    this.#since ??= new Date().toISOString();
    onWait(this.#since);
    if (this.#isAskedNow) {
      this.#isAskedNow = false;
      return;
    }
    const usualMs = Math.min(lookupMs * 2 ** lookups, Math.max(lookupMs, MAX_LOOKUP_MS));
    const leftMs = until === undefined ? usualMs : Math.max(Date.parse(until) - Date.now(), LEAST_WAIT_MS);
    await sleep(Math.min(usualMs, leftMs), { summary });
  }
}

/** What a step's failure says when its service answers later; `undefined` for every other failure. */
export function acceptedBy(error: unknown): Accepted | undefined {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  const isAwaiting = failure instanceof ApplicationFailure && failure.type === failureTypes.awaitingAnswer;
  return isAwaiting ? { until: awaitedUntilOf(failure.details) } : undefined;
}
