/** What a span says beside its name. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** What spans say of the order that they are about, so that its traces are found by its id. */
export function aboutOrder(orderId: string | undefined): SpanAttributes {
  return orderId === undefined ? {} : { 'order_saga.order_id': orderId };
}

/** A span that begins. */
export interface SpanStart {
  readonly name: string;
  readonly kind?: 'server' | 'client' | 'producer' | 'internal';
  readonly attributes?: SpanAttributes;
  /** The `traceparent` (https://www.w3.org/TR/trace-context/) of the span that it belongs to; the one under way unless given. */
  readonly parent?: string | null | undefined;
}

/** A span that is over. */
export interface PastSpan extends SpanStart {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Its id in hexadecimal, where the same span may be recorded again. */
  readonly spanId?: string;
}

/** Renames the span under way, and says more of it. */
export type DescribeSpan = (more: { readonly name?: string; readonly attributes?: SpanAttributes }) => void;

/** What records spans; there is one only where traces are exported. */
export interface Tracer {
  readonly inSpan: <T>(start: SpanStart, work: (describe: DescribeSpan) => Promise<T>) => Promise<T>;
  readonly recordSpan: (span: PastSpan) => void;
  readonly activeTraceparent: () => string | undefined;
}

let tracer: Tracer | undefined;

/** Has spans recorded from now on, by the one tracer of the process. */
export function useTracer(given: Tracer | undefined): void {
  tracer = given;
}

/** Whether spans are recorded: what costs something for the sake of a trace alone is left out otherwise. */
export function isTracing(): boolean {
  return tracer !== undefined;
}

/** Runs `work` in a span of its own, which fails as `work` does; just runs it where nothing is traced. */
export function inSpan<T>(start: SpanStart, work: (describe: DescribeSpan) => Promise<T>): Promise<T> {
  return tracer ? tracer.inSpan(start, work) : work(describeNothing);
}

/** Records a span that is over. Without a parent, given or under way, it belongs to no trace and is left out. */
export function recordSpan(span: PastSpan): void {
  tracer?.recordSpan(span);
}

/** The `traceparent` of the span under way, for whoever goes on with the work; `undefined` where nothing is traced. */
export function activeTraceparent(): string | undefined {
  return tracer?.activeTraceparent();
}

function describeNothing(): void {}
