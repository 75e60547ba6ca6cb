import type { Context } from '@temporalio/activity';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { TraceSinks } from '../../workflows/trace-headers.ts';
import { orderIdOf } from '../domain/order.ts';
import { TRACE_HEADER } from '../domain/trace-header.ts';
import { aboutOrder, inSpan, recordSpan } from '../tracing/trace.ts';

/** Runs each activity in a span of its own, in the trace of its workflow. */
export const traceActivities: ActivityInterceptorsFactory = ({ info }: Context) => {
  const inbound: ActivityInboundCallsInterceptor = {
    execute: (input, next) => {
      const attributes = {
        'temporal.workflow_id': info.workflowExecution?.workflowId ?? '',
        'temporal.run_id': info.workflowExecution?.runId ?? '',
        'temporal.attempt': info.attempt,
        'temporal.is_local': info.isLocal,
        ...aboutOrder(orderIdOf(info.workflowExecution?.workflowId)),
      };
      const parent = traceparentIn(input.headers) ?? null;
      return inSpan({ name: `RunActivity:${info.activityType}`, attributes, parent }, () => next(input));
    },
  };
  return { inbound };
};

/** Records what workflows tell of their runs. */
export const traceSinks: InjectedSinks<TraceSinks> = {
  traces: {
    record: {
      fn: ({ workflowId, runId, startTime }, { name, parent, spanId }) => {
        const endedAtMs = Date.now();
        // A run's span says how long it waited for its first task; a command is recorded when it is handled.
        const startedAtMs = spanId === undefined ? endedAtMs : startTime.getTime();
        const attributes = {
          'temporal.workflow_id': workflowId,
          'temporal.run_id': runId,
          ...aboutOrder(orderIdOf(workflowId)),
        };
        recordSpan({ name, parent, attributes, startedAtMs, endedAtMs, ...(spanId !== undefined && { spanId }) });
      },
      callDuringReplay: false,
    },
  },
};

function traceparentIn(headers: Headers): string | undefined {
  const payload = headers[TRACE_HEADER];
  if (!payload) return undefined;
  const text: unknown = defaultPayloadConverter.fromPayload(payload);
  return typeof text === 'string' ? text : undefined;
}
