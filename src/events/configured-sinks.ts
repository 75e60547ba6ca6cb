import { WEBHOOK_SINK } from '../repositories/webhook-deliveries.ts';
import type { Db } from '../repositories/schema.ts';
import type { SinkSource } from './event-sink.ts';

/**
 * The sinks that there may be; each is loaded when it is opened. Live listeners are no sink: they hear of every event. `onDeliveries` is told of new
 * deliveries to webhook endpoints.
 */
export function configuredSinks(db: Db, onDeliveries: () => void): readonly SinkSource[] {
  const open = async () => (await import('./webhooks/webhook-sink.ts')).webhookSink(db, onDeliveries);
  return [{ name: WEBHOOK_SINK, active: 'registered', open }];
}
