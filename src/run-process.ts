import { ConfigError } from './config.ts';

/** Signals on which a process stops in an orderly way. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A stop that takes longer than this will not succeed. */
const STOP_LIMIT_MS = 10_000;

/**
 * Runs a process until its first stop signal: `start` wires it up and returns the function that stops it.
 * A wrong setting ends the process with a message, without a stack trace.
 */
export async function runProcess(start: () => Promise<() => Promise<void>>): Promise<void> {
  try {
    const stop = await start();
    const signalled = Promise.withResolvers<void>();
    for (const signal of stopSignals) process.once(signal, () => signalled.resolve());
    await signalled.promise;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    await stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(
      `${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(1);
  }
}
