import { createHash } from 'node:crypto';
import { FakeStripeError } from './fake-error.ts';

/** An answer as it goes over the wire. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is saved with an idempotency key. */
interface Saved {
  readonly hash: string;
  /** `undefined` while the request is being executed. */
  answer: FakeAnswer | undefined;
}

/** Answers by idempotency key, as Stripe saves them: from the moment at which a request is executed, whatever comes of it. */
export class SavedAnswers {
  readonly #saved = new Map<string, Saved>();

  /** The saved answer; `undefined` when the request is to be executed. Throws when the key was used for another one, or is in use. */
  find(key: string, request: string): FakeAnswer | undefined {
    const saved = this.#saved.get(key);
    if (!saved) return undefined;
    if (saved.hash !== hashOf(request)) {
      throw new FakeStripeError(400, {
        type: 'idempotency_error',
        message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
      });
    }
    if (!saved.answer) {
      throw new FakeStripeError(409, {
        type: 'idempotency_error',
        code: 'idempotency_key_in_use',
        message: 'There is currently another in-progress request using this Idempotent Key.',
      });
    }
    return { ...saved.answer, headers: { ...saved.answer.headers, 'idempotent-replayed': 'true' } };
  }

  begin(key: string, request: string): void {
    this.#saved.set(key, { hash: hashOf(request), answer: undefined });
  }

  /** Saves the answer. What was wrong with the parameters themselves is not saved. */
  end(key: string, answer: FakeAnswer): void {
    const saved = this.#saved.get(key);
    if (answer.status === 400 || answer.status === 429) this.#saved.delete(key);
    else if (saved) saved.answer = answer;
  }

  /** Forgets every key, as Stripe does after a day. */
  forget(): void {
    this.#saved.clear();
  }
}

function hashOf(request: string): string {
  return createHash('sha256').update(request).digest('hex');
}
