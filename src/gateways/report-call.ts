import type { Logger } from '../logger.ts';
import { observeSeconds } from '../metrics/record-metrics.ts';
import { GatewayError } from './gateway-error.ts';

/** The services that an order needs. */
export type ServiceName = 'inventory' | 'payment' | 'customer' | 'notification';

/** A call that has ended. */
export interface ReportedCall {
  readonly service: ServiceName;
  readonly request: { readonly operation: string };
  /** By `performance.now()`. */
  readonly startedAt: number;
}

/** Measures a call by its outcome, and logs it at debug; `error`: what it failed with. */
export function reportCall(logger: Logger, { service, request, startedAt }: ReportedCall, error: unknown): void {
  const { operation } = request;
  const durationMs = performance.now() - startedAt;
  const outcome = error === undefined ? 'ok' : outcomeOf(error);
  observeSeconds('service_request_seconds', { service, operation, outcome }, durationMs / 1_000);
  if (!logger.isLevelEnabled('debug')) return;
  const { status, code } = error instanceof GatewayError ? error : { status: undefined, code: undefined };
  const fields = { service, operation, outcome, status, code, duration_ms: Math.round(durationMs * 10) / 10 };
  logger.debug(fields, 'service called');
}

function outcomeOf(error: unknown) {
  if (!(error instanceof GatewayError)) return 'unknown';
  if (error.kind === 'unreachable') return 'unavailable';
  if (error.kind !== 'unknown') return error.kind;
  return error.cause instanceof Error && error.cause.name === 'TimeoutError' ? 'timeout' : 'unknown';
}
