import { CLOUD_EVENT_TYPE, type OrderEvent } from '../domain/order-event.ts';
import { inSpan } from '../tracing/trace.ts';
import { signedHeaders } from '../webhook-signature.ts';
import { toCloudEvent } from './cloud-event.ts';
import type { EventSink } from './event-sink.ts';

/** A receiver should store an event and answer; one that takes longer counts as away. */
const ATTEMPT_TIMEOUT_MS = 5_000;

/** Orders whose events are sent at once: enough that the receiver's latency does not limit the throughput. */
const CONCURRENCY = 16;

/**
 * Posts each event as a CloudEvent, signed as a Standard Webhook whose id is the event's; one attempt each, 2xx means received. A receiver that
 * takes none of a batch is away; one that takes some has rejected the others.
 */
export function webhookSink(url: string, secret: string): EventSink {
  const closing = new AbortController();
  return {
    name: 'webhook',
    deliver: async (events) => {
      const ending = new AbortController();
      const signal = AbortSignal.any([closing.signal, ending.signal]);
      const rejected: { readonly id: number; readonly reason: string }[] = [];
      let received = 0;
      const orders = Map.groupBy(events, ({ subjectId }) => subjectId).values();
      const deliverOrders = async () => {
        for (const ofOrder of orders) {
          for (const event of ofOrder) {
            signal.throwIfAborted();
            const { ok, status } = await traced(event, () => post(url, secret, event, signal));
            if (!ok) {
              rejected.push({ id: event.id, reason: `answered ${status}` });
              break;
            }
            received += 1;
          }
        }
      };
      try {
        await Promise.all(Array.from({ length: CONCURRENCY }, deliverOrders));
      } finally {
        ending.abort();
      }
      if (received === 0 && rejected[0]) throw new Error(rejected[0].reason);
      return { rejected };
    },
    close: () => {
      closing.abort();
      return Promise.resolve();
    },
  };
}

function traced<T>({ id, subjectId, type, traceparent }: OrderEvent, send: () => Promise<T>): Promise<T> {
  const attributes = { 'messaging.message.id': id, 'order_saga.order_id': subjectId };
  return inSpan({ name: `publish ${type}`, kind: 'producer', parent: traceparent, attributes }, send);
}

async function post(url: string, secret: string, event: OrderEvent, signal: AbortSignal): Promise<Response> {
  const body = JSON.stringify(toCloudEvent(event));
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': CLOUD_EVENT_TYPE, ...signedHeaders(secret, String(event.id), body) },
    body,
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
  });
  await response.body?.cancel();
  return response;
}
