import { typeOfFailure } from './failures.ts';
import { fromPayload } from './wire.ts';

/** How an update was answered. `lost`: nobody answered, the caller may ask again. `closed`: the workflow had ended before it. */
export type Answer =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'refused' | 'failed'; readonly type: string; readonly message: string }
  | { readonly kind: 'lost' | 'closed' };

/** An update that waits for its answer. */
export interface Update {
  readonly id: string;
  isAccepted: boolean;
  readonly answer: (answer: Answer) => void;
}

/** The updates of a workflow that wait for their answers. */
export class Updates {
  #waiting: Update[] = [];

  add(id: string, answer: Update['answer']): Update {
    const update = { id, isAccepted: false, answer };
    this.#waiting.push(update);
    return update;
  }

  count(): number {
    return this.#waiting.length;
  }

  isAccepted(id: string): boolean {
    return this.#waiting.some((update) => update.id === id && update.isAccepted);
  }

  /** Answers an update as the workflow did. */
  respond(response: Readonly<Record<string, unknown>>): void {
    const update = this.#waiting.find(({ id }) => id === response['protocolInstanceId']);
    if (!update) return;
    if (response['accepted']) {
      update.isAccepted = true;
      return;
    }
    this.#waiting = this.#waiting.filter((other) => other !== update);
    if (!response['rejected']) update.answer({ kind: 'done', result: fromPayload(response['completed']) });
    else {
      const kind = update.isAccepted ? 'failed' : 'refused';
      update.answer({ kind, ...typeOfFailure(response['rejected']) });
    }
  }

  /** Nobody will answer these any more. */
  remove(forgotten: ReadonlySet<Update>): void {
    this.#waiting = this.#waiting.filter((update) => !forgotten.has(update));
  }

  /** The workflow has ended; returns those that had been accepted, which it should have answered. */
  close(): Update[] {
    const closed = this.#waiting;
    for (const update of closed) update.answer({ kind: 'closed' });
    this.#waiting = [];
    return closed.filter(({ isAccepted }) => isAccepted);
  }
}
