import { CLOUD_EVENT_TYPE, type OrderEvent } from '../domain/order-event.ts';
import type { Logger } from '../logger.ts';
import { inSpan } from '../tracing/trace.ts';
import { signedHeaders } from '../webhook-signature.ts';
import { toCloudEvent } from './cloud-event.ts';
import type { EventSink } from './event-sink.ts';

/** A receiver should store an event and answer; one that takes longer counts as away. */
const ATTEMPT_TIMEOUT_MS = 5_000;

/** Bounds how long a batch's rows stay locked when the receiver hangs; what is not sent by then is sent with the next batch. */
const BATCH_TIME_MS = 10_000;

/** Orders whose events are sent at once: enough that the receiver's latency does not limit the throughput. */
const CONCURRENCY = 16;

/** Posts each event as a CloudEvent, signed as a Standard Webhook whose id is the event's; one attempt each, 2xx means received. */
export function webhookSink(url: string, secret: string, logger: Logger): EventSink {
  return {
    name: 'webhook',
    deliver: async (events) => {
      const deadline = Date.now() + BATCH_TIME_MS;
      const delivered: number[] = [];
      let lastFault: string | undefined;
      const orders = Map.groupBy(events, ({ orderId }) => orderId).values();
      const deliverOrders = async () => {
        for (const ofOrder of orders) {
          for (const event of ofOrder) {
            if (Date.now() > deadline) return;
            const fault = await traced(event, () => post(url, secret, event));
            lastFault = fault ?? lastFault;
            if (fault !== undefined) break;
            delivered.push(event.id);
          }
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, deliverOrders));
      if (lastFault !== undefined) {
        logger.warn({ reason: lastFault }, 'some events were not received; they are sent again later');
      }
      return delivered;
    },
  };
}

function traced<T>({ id, orderId, type, traceparent }: OrderEvent, send: () => Promise<T>): Promise<T> {
  const attributes = { 'messaging.message.id': id, 'order_saga.order_id': orderId };
  return inSpan({ name: `publish ${type}`, kind: 'producer', parent: traceparent, attributes }, send);
}

/** Why the receiver may not have the event; `undefined` when it has. */
async function post(url: string, secret: string, event: OrderEvent): Promise<string | undefined> {
  const body = JSON.stringify(toCloudEvent(event));
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': CLOUD_EVENT_TYPE, ...signedHeaders(secret, String(event.id), body) },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `answered ${response.status}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
