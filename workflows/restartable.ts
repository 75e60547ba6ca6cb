import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';

/** Something that is being retried and can be restarted at once, instead of at its next attempt. */
export class Restartable {
  #scope: CancellationScope | undefined;
  #isRestarted = false;

  /** Whether {@link run} runs something. */
  get isRunning(): boolean {
    return this.#scope !== undefined;
  }

  /** Restarts what {@link run} runs; does nothing when it runs nothing. */
  restart(): void {
    this.#isRestarted = true;
    this.#scope?.cancel();
  }

  /** Runs `work`, starting over whenever {@link restart} was called. A refusal ends it all the same. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      this.#isRestarted = false;
      this.#scope = new CancellationScope({ cancellable: true });
      try {
        return await this.#scope.run(work);
      } catch (error) {
        const isOver = error instanceof ApplicationFailure || CancellationScope.current().consideredCancelled;
        if (isOver || !this.#isRestarted) throw error;
      } finally {
        this.#scope = undefined;
      }
    }
  }
}
