import type { Logger } from '../logger.ts';
import { observeSeconds } from '../metrics/record-metrics.ts';
import { CREDENTIALS_REFUSED, GatewayError } from './gateway-error.ts';

/** The services that an order needs. */
export type ServiceName = 'inventory' | 'payment' | 'customer' | 'notification' | 'review';

/** A call that has ended. */
export interface ReportedCall {
  readonly request: { readonly operation: string };
  /** By `performance.now()`. */
  readonly startedAt: number;
}

/** Refused credentials fail every call: they are told of once in this time. */
const CREDENTIALS_WARNING_MS = 60_000;

/**
 * Returns a function that measures each call by its outcome and logs it at debug; `error`: what it failed with. Credentials that are
 * refused are a warning.
 */
export function callReporter(logger: Logger, service: ServiceName): (call: ReportedCall, error: unknown) => void {
  let warnedAt = -Infinity;
  return ({ request: { operation }, startedAt }, error) => {
    const endedAt = performance.now();
    const outcome = error === undefined ? 'ok' : outcomeOf(error);
    observeSeconds('service_request_seconds', { service, operation, outcome }, (endedAt - startedAt) / 1_000);
    if (outcome === 'unauthorized' && endedAt > warnedAt + CREDENTIALS_WARNING_MS) {
      warnedAt = endedAt;
      logger.warn({ err: error, service, operation }, 'credentials refused, the orders that need this service wait');
    }
    if (!logger.isLevelEnabled('debug')) return;
    const { status, code } = error instanceof GatewayError ? error : { status: undefined, code: undefined };
    const durationMs = Math.round((endedAt - startedAt) * 10) / 10;
    logger.debug({ service, operation, outcome, status, code, duration_ms: durationMs }, 'service called');
  };
}

function outcomeOf(error: unknown) {
  if (!(error instanceof GatewayError)) return 'unknown';
  if (error.code === CREDENTIALS_REFUSED) return 'unauthorized';
  if (error.kind === 'unreachable') return 'unavailable';
  if (error.kind !== 'unknown') return error.kind;
  return error.cause instanceof Error && error.cause.name === 'TimeoutError' ? 'timeout' : 'unknown';
}
