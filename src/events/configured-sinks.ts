import type { KafkaConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import { WEBHOOK_SINK } from '../repositories/webhook-deliveries.ts';
import type { SinkSource } from './event-sink.ts';

/** Whether and how events are published to Kafka as well, and who is told of topics that had to be created. */
interface KafkaSettings {
  readonly kafka?: KafkaConfig | undefined;
  readonly logger?: Logger;
}

/**
 * The sinks that there may be; each is loaded when it is opened. Live listeners are no sink: they hear of every event. `onDeliveries` is told of new
 * deliveries to webhook endpoints.
 */
export function configuredSinks(
  db: Db,
  onDeliveries: () => void,
  { kafka, logger }: KafkaSettings = {},
): readonly SinkSource[] {
  const open = async () => (await import('./webhooks/webhook-sink.ts')).webhookSink(db, onDeliveries);
  const webhooks: SinkSource = { name: WEBHOOK_SINK, active: 'registered', open };
  if (kafka === undefined) return [webhooks];
  const openKafka = async () => (await import('./kafka/kafka-sink.ts')).openKafkaSink(kafka, logger);
  return [webhooks, { name: 'kafka', active: 'configured', open: openKafka }];
}
