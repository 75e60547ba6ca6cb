/** Shows what is being done to a person who waits. */
export type Progress = (message: string) => void;

/** One way to get hold of a program: answers its path, `undefined` when there is nothing to try, or throws. */
export interface Attempt {
  what: string;
  run(): Promise<string | undefined>;
}

/** A program could not be found or made; the message lists everything that was tried and what to install. */
class ProgramMissingError extends Error {
  override readonly name = 'ProgramMissingError';
}

/** The first path that an attempt answers; throws {@link ProgramMissingError} when none does. */
export async function useFirstThatWorks(program: string, attempts: Attempt[], advice: string): Promise<string> {
  const tried: string[] = [];
  for (const { what, run } of attempts) {
    try {
      const path = await run();
      if (path !== undefined) return path;
      tried.push(`${what}: not found`);
    } catch (error) {
      tried.push(`${what}: ${describeReason(error)}`);
    }
  }
  throw new ProgramMissingError(
    `Can't get hold of ${program}. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}\n${advice}`,
  );
}

/** Runs `work` while `progress` tells every few seconds how long it has been going on. */
export async function reportElapsed<T>(progress: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  progress(`${what} …`);
  const timer = setInterval(() => progress(`${what} … ${Math.round((Date.now() - startedAt) / 1000)} s`), 10_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function describeReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return error.message.trim() + cause;
}
