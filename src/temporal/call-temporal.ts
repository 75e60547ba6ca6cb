import type { TemporalConnection, TemporalConnector } from './connection.ts';
import { TemporalUnavailableError } from './order-commands.ts';

/** A start or a signal takes milliseconds; when Temporal needs longer, the relay does it later and the caller does not wait. */
export const START_DEADLINE_MS = 1_000;

/** The connection to Temporal. Throws {@link TemporalUnavailableError} while there is none. */
export function requireConnection(connector: TemporalConnector): TemporalConnection {
  const temporal = connector.current();
  if (!temporal) throw new TemporalUnavailableError('Temporal is not reachable');
  return temporal;
}

/** Makes a call that gives up after `timeoutMs`. */
export function callWithin<T>(
  { connection }: Pick<TemporalConnection, 'connection'>,
  timeoutMs: number,
  call: () => Promise<T>,
): Promise<T> {
  return connection.withDeadline(Date.now() + timeoutMs, call);
}

/** The error for a call that Temporal did not answer. */
export function toUnavailableError(cause: unknown): TemporalUnavailableError {
  return new TemporalUnavailableError('Temporal did not answer', { cause });
}
