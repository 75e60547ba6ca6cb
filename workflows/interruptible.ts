import { CancellationScope } from '@temporalio/workflow';

/** Work that a command may interrupt. */
export class Interruptible {
  readonly #scopes = new Set<CancellationScope>();
  readonly #isInterrupted: () => boolean;

  /** Work that begins while `isInterrupted` is interrupted at once. */
  constructor(isInterrupted: () => boolean) {
    this.#isInterrupted = isInterrupted;
  }

  /** Runs `work`, whose activities and waits are cancelled when it is interrupted. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope({ cancellable: true });
    this.#scopes.add(scope);
    try {
      if (this.#isInterrupted()) scope.cancel();
      return await scope.run(work);
    } finally {
      this.#scopes.delete(scope);
    }
  }

  /** Interrupts everything that runs; does nothing when nothing does. */
  interrupt(): void {
    for (const scope of this.#scopes) scope.cancel();
  }
}

/** Runs `work` to its end though it is cancelled meanwhile; throws a cancellation that has come before it. */
export async function runUninterrupted<T>(work: () => Promise<T>): Promise<T> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) return scope.cancelRequested;
  return CancellationScope.nonCancellable(work);
}
