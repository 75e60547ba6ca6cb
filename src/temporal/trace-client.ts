import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { orderIdOf } from '../domain/order.ts';
import { TRACE_HEADER } from '../domain/trace-header.ts';
import { aboutOrder, activeTraceparent, inSpan } from '../tracing/trace.ts';

/** Starts and commands workflows in spans of their own, whose trace goes on in the workflow. */
export const traceClient: WorkflowClientInterceptor = {
  start: (input, next) =>
    inSpan(spanOf(`StartWorkflow:${input.workflowType}`, input.options.workflowId), () => next(withTrace(input))),
  startWithDetails: (input, next) =>
    inSpan(spanOf(`StartWorkflow:${input.workflowType}`, input.options.workflowId), () => next(withTrace(input))),
  startUpdate: (input, next) =>
    inSpan(spanOf(`StartUpdate:${input.updateName}`, input.workflowExecution.workflowId), () => next(withTrace(input))),
  signal: (input, next) =>
    inSpan(spanOf(`SignalWorkflow:${input.signalName}`, input.workflowExecution.workflowId), () =>
      next(withTrace(input)),
    ),
};

function spanOf(name: string, workflowId: string | null | undefined) {
  const attributes = { 'temporal.workflow_id': workflowId ?? '', ...aboutOrder(orderIdOf(workflowId)) };
  return { name, kind: 'client', attributes } as const;
}

function withTrace<T extends { readonly headers: Headers }>(input: T): T {
  const traceparent = activeTraceparent();
  if (traceparent === undefined) return input;
  return { ...input, headers: { ...input.headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(traceparent) } };
}
