/** Shows progress to the person who is waiting. */
export type Progress = (message: string) => void;

/** One way to find or make a program: returns its path, or `undefined` when there is nothing to try; rejects when it fails. */
export interface Attempt {
  what: string;
  run(): Promise<string | undefined>;
}

/** No attempt found or made the program; the message lists every attempt and says what to install. */
class ProgramMissingError extends Error {
  override readonly name = 'ProgramMissingError';
}

/** Returns the path from the first attempt that has one; throws {@link ProgramMissingError} when none does. */
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
    `Could not find or install ${program}. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}\n${advice}`,
  );
}

/** Runs `work` and reports every ten seconds how long it has been running. */
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
