import { orderFields } from '../access/order-fields.ts';
import { createSampler } from '../access/sample-reads.ts';
import type { Logger } from '../logger.ts';
import { observeSeconds } from '../metrics/record-metrics.ts';
import type { Call } from './call.ts';
import { statusCodes } from './status-of.ts';

/** Logs and measures a call that is over, with the status that it ended with; 0 is OK. */
export type ReportCall = (call: Call, status: number) => void;

/** Reads that succeed may be many and change nothing: a part of them is logged; see `createSampler`. */
export function createReport(logger: Logger, logSample: number): ReportCall {
  const isReadLogged = createSampler(logSample);
  return (call, status) => {
    const { method, requestId, traceId, reason, caller, order } = call;
    const code = statusNames[reason === undefined ? status : statusCodes[reason]] ?? 'UNKNOWN';
    const durationMs = performance.now() - call.startedAtMs;
    observeSeconds('grpc_request_duration_seconds', { method, code }, (call.openedAfterMs ?? durationMs) / 1_000);
    const isQuiet = code === 'OK' && reads.has(method) && !isReadLogged();
    if (isQuiet || !logger.isLevelEnabled('info')) return;
    const fields = {
      request_id: requestId,
      ...(traceId !== undefined && { trace_id: traceId }),
      ...orderFields(order),
      method: `orders.v1.OrderService/${method}`,
      code,
      ...(reason !== undefined && { reason }),
      duration_ms: Math.round(durationMs * 10) / 10,
      role: caller?.roles[0] ?? 'none',
    };
    logger.info(fields, 'call');
  };
}

const reads = new Set(['GetOrder', 'ListOrders', 'WatchOrder']);

/** Every status by its number, as gRPC spells it. */
const statusNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;
