import { AsyncLocalStorage } from 'node:async_hooks';
import {
  diag,
  DiagLogLevel,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';
import { currentRequest } from '../request-context.ts';
import { createSampler, type Sampling } from './sampling.ts';
import { aboutOrder, type SpanAttributes, type SpanStart, type Tracer } from './trace.ts';

/** Where traces go, and how many. */
export interface TracingOptions extends Sampling {
  /** The collector's address, without the path of a signal. */
  readonly endpoint: string;
  readonly serviceName: string;
  readonly process: string;
}

/** A second is soon enough to look at, and seldom enough to cost nothing. */
const EXPORT_INTERVAL_MS = 1_000;

/** What a crowd of orders makes while a batch is under way; more is dropped, never waited for. */
const MAX_QUEUE = 8_192;

/** A collector that takes longer counts as away: its spans are dropped. */
const EXPORT_TIMEOUT_MS = 5_000;

/** How long the end of the process may wait for the last spans. */
const SHUTDOWN_LIMIT_MS = 1_500;

/** A collector that is away is told of this often at most. */
const COMPLAINT_INTERVAL_MS = 60_000;

/** Longest reason that is logged. */
const MAX_REASON = 300;

/** A tracer whose spans go to a collector by OTLP over HTTP, in the background: without one they are lost, and a line is logged. */
export function createTracer(
  options: TracingOptions,
  logger: Logger,
): Tracer & { readonly close: () => Promise<void> } {
  complainSeldom(logger);
  const ids = new ChosenIds();
  const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
  const provider = new TracerProvider({
    sampler: createSampler(options),
    idGenerator: ids,
    resource: resourceFromAttributes({ 'service.name': options.serviceName, 'order_saga.process': options.process }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_QUEUE,
        scheduledDelayMillis: EXPORT_INTERVAL_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  return { ...createSpans(provider, ids), close: () => closeWithin(provider, SHUTDOWN_LIMIT_MS) };
}

function createSpans(provider: TracerProvider, ids: ChosenIds): Tracer {
  const spans = provider.getTracer('order-saga');
  const active = new AsyncLocalStorage<Context>();
  const contextOf = ({ parent }: SpanStart) =>
    typeof parent === 'string' ? readTraceparent(parent) : active.getStore();
  return {
    inSpan: (start, work) => {
      const { name, kind = 'internal' } = start;
      const attributes = attributesOf(start);
      const context = contextOf(start) ?? ROOT_CONTEXT;
      const span = spans.startSpan(name, { kind: kinds[kind], attributes }, context);
      return active.run(trace.setSpan(context, span), async () => {
        try {
          return await work(({ name: renamed, attributes: more }) => {
            if (renamed !== undefined) span.updateName(renamed);
            if (more) span.setAttributes(more);
          });
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'failed' });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    recordSpan: (past) => {
      const context = contextOf(past);
      if (!context) return;
      const { name, kind = 'internal', startedAtMs, endedAtMs, spanId } = past;
      const attributes = attributesOf(past);
      ids.choose(spanId);
      spans.startSpan(name, { kind: kinds[kind], attributes, startTime: startedAtMs }, context).end(endedAtMs);
    },
    activeTraceparent: () => {
      const context = active.getStore();
      const span = context && trace.getSpanContext(context);
      if (!span) return undefined;
      return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
    },
  };
}

/** What a span says, and which order the work under way is for. */
function attributesOf({ attributes }: SpanStart): SpanAttributes {
  return { ...aboutOrder(currentRequest()?.orderId), ...attributes };
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  internal: SpanKind.INTERNAL,
} as const;

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

function readTraceparent(text: string): Context | undefined {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.exec(text) ?? [];
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(span) ? trace.setSpanContext(ROOT_CONTEXT, span) : undefined;
}

/** Random ids, but for a span whose id was chosen. */
class ChosenIds extends RandomIdGenerator {
  #next: string | undefined;

  /** The id of the span that is started next. */
  choose(spanId: string | undefined): void {
    this.#next = spanId;
  }

  override generateSpanId(): string {
    const chosen = this.#next;
    this.#next = undefined;
    return chosen ?? super.generateSpanId();
  }
}

function complainSeldom(logger: Logger): void {
  let toldAt = -Infinity;
  // Told in the name of no request: the last span of a batch is of any.
  const complain = AsyncLocalStorage.bind((message: string) => {
    if (performance.now() - toldAt < COMPLAINT_INTERVAL_MS) return;
    toldAt = performance.now();
    logger.warn(
      { reason: reasonIn(message) },
      'traces are not exported: is the collector at OTEL_EXPORTER_OTLP_ENDPOINT?',
    );
  });
  const heed = { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(heed, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

function ignore(): void {}

/** OpenTelemetry describes an error as JSON, with its stack. */
function reasonIn(text: string): string {
  const [, message] = /"message":"((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
  return (message ?? text).slice(0, MAX_REASON);
}

async function closeWithin(provider: TracerProvider, limitMs: number): Promise<void> {
  const { promise: tooLate, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limitMs);
  await Promise.race([provider.shutdown().catch(() => {}), tooLate]);
  clearTimeout(timer);
}
