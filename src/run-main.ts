import { ConfigError } from './config.ts';

/** Signals that end a process in an orderly way. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A stop that takes longer than this is not going to succeed. */
const STOP_LIMIT_MS = 10_000;

/**
 * Runs a process: `start` wires it up and returns how to stop it, which the first stop signal does.
 * A setting that is wrong ends it with one message instead of a stack.
 */
export async function runMain(start: () => Promise<() => Promise<void>>): Promise<void> {
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
