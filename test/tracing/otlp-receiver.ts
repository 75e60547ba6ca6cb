import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });

const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(attribute).default([]),
});

const exportSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

/** A span as a collector gets it. */
export type ReceivedSpan = z.output<typeof spanSchema>;

/** Takes traces by OTLP over HTTP, as a collector does, and keeps the spans. */
export async function startReceiver() {
  const spans: ReceivedSpan[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { resourceSpans } = exportSchema.parse(await json(request));
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.setHeader('content-type', 'application/json').end('{}');
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    /** The spans that say that they are about an order. */
    spansOfOrder: (orderId: string): ReceivedSpan[] =>
      spans.filter(({ attributes }) =>
        attributes.some(({ key, value }) => key === 'order_saga.order_id' && value['stringValue'] === orderId),
      ),
    /** The spans of one trace, each as the names from its root down to it. */
    paths: (traceId: string): string[] => {
      const ofTrace = spans.filter((span) => span.traceId === traceId);
      const pathOf = ({ name, parentSpanId }: ReceivedSpan): string => {
        const parent = ofTrace.find(({ spanId }) => spanId === parentSpanId);
        return parent ? `${pathOf(parent)} > ${name}` : name;
      };
      return ofTrace.map(pathOf);
    },
    close: () => server.close(),
  };
}
