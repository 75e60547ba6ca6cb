import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { proxySinks, workflowInfo, type Sinks, type WorkflowInterceptors } from '@temporalio/workflow';
import { spanIdOfRun, TRACE_HEADER, withSpan, type WorkflowSpan } from '../src/domain/trace-header.ts';

declare global {
  /** Set in front of the bundle by a worker that traces; workflow code can't read settings. */
  var areWorkflowsTraced: boolean | undefined;
}

/** What a worker that traces does with what workflows tell it. */
export interface TraceSinks extends Sinks {
  readonly traces: { readonly record: (span: WorkflowSpan) => void };
}

/**
 * Hands the trace that a workflow was started in on to its activities and to the run after it, and has a span of the run recorded, once:
 * not in a replay. Does nothing where nothing is traced.
 */
export function interceptors(): WorkflowInterceptors {
  if (globalThis.areWorkflowsTraced !== true) return {};
  const { traces } = proxySinks<TraceSinks>();
  let own: string | undefined;
  const pass = <T extends { readonly headers: Headers }>(input: T): T =>
    own === undefined ? input : { ...input, headers: { ...input.headers, [TRACE_HEADER]: toPayload(own) } };
  return {
    inbound: [
      {
        execute: (input, next) => {
          const parent = traceparentIn(input.headers);
          const { runId, workflowType } = workflowInfo();
          const spanId = spanIdOfRun(runId);
          own = parent && withSpan(parent, spanId);
          if (parent && own) traces.record({ name: `RunWorkflow:${workflowType}`, parent, spanId });
          return next(input);
        },
        handleUpdate: (input, next) => {
          const parent = traceparentIn(input.headers);
          if (parent) traces.record({ name: `HandleUpdate:${input.name}`, parent });
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(pass(input)),
        scheduleLocalActivity: (input, next) => next(pass(input)),
        continueAsNew: (input, next) => next(pass(input)),
      },
    ],
  };
}

function toPayload(traceparent: string) {
  return defaultPayloadConverter.toPayload(traceparent);
}

/** Anyone may send headers: what is no text is none. */
function traceparentIn(headers: Headers): string | undefined {
  const payload = headers[TRACE_HEADER];
  if (!payload) return undefined;
  try {
    const text: unknown = defaultPayloadConverter.fromPayload(payload);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
