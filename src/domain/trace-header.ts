/** The Temporal header that carries a `traceparent`, from whoever starts or commands a workflow to the workflow and to its activities. */
export const TRACE_HEADER = 'traceparent';

/** What a workflow tells of its own run; the worker makes a span of it. */
export interface WorkflowSpan {
  readonly name: string;
  /** The `traceparent` of what it belongs to. */
  readonly parent: string;
  /** Its id, in hexadecimal, which is the same however often its beginning is run. */
  readonly spanId?: string;
}

/** The id of the span of a workflow's run, which follows from the run's id. */
export function spanIdOfRun(runId: string): string {
  return runId.replaceAll('-', '').slice(-16);
}

/** The same trace with another span as its latest; `undefined` for what is no `traceparent`. */
export function withSpan(traceparent: string, spanId: string): string | undefined {
  const [, before, after] = /^(00-[0-9a-f]{32}-)[0-9a-f]{16}(-[0-9a-f]{2})$/.exec(traceparent) ?? [];
  return before === undefined ? undefined : `${before}${spanId}${after}`;
}
