import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';

/** Lets something that is being retried begin anew at once, instead of at its next attempt. */
export class Restart {
  #scope: CancellationScope | undefined;
  #wanted = false;

  /** Has what {@link around} runs begin anew; does nothing when it runs nothing. */
  now(): void {
    this.#wanted = true;
    this.#scope?.cancel();
  }

  /** Runs `run` until it comes to an end that nobody wanted it to begin anew for. A refusal is such an end, whatever was wanted. */
  async around<T>(run: () => Promise<T>): Promise<T> {
    for (;;) {
      this.#wanted = false;
      this.#scope = new CancellationScope({ cancellable: true });
      try {
        return await this.#scope.run(run);
      } catch (error) {
        const isEnd = error instanceof ApplicationFailure || CancellationScope.current().consideredCancelled;
        if (isEnd || !this.#wanted) throw error;
      } finally {
        this.#scope = undefined;
      }
    }
  }
}
