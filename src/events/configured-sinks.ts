import type { KafkaConfig } from '../config.ts';
import type { MessageSettings } from '../domain/message-settings.ts';
import type { Logger } from '../logger.ts';
import { copyMessages, MESSAGE_SINK } from '../repositories/order-messages.ts';
import type { Db } from '../repositories/schema.ts';
import { WEBHOOK_SINK } from '../repositories/webhook-deliveries.ts';
import type { SinkSource } from './event-sink.ts';

/** Whether and how events are published to Kafka, who is told of topics that had to be created, and which messages customers get. */
interface SinkSettings {
  readonly kafka?: KafkaConfig | undefined;
  readonly logger?: Logger;
  readonly messages?: Pick<MessageSettings, 'types'>;
  /** Told when messages to customers are due. */
  readonly onMessages?: () => void;
}

/**
 * The sinks that there may be; each is loaded when it is opened. Live listeners are no sink: they hear of every event. `onDeliveries` is told of new
 * deliveries to webhook endpoints.
 */
export function configuredSinks(
  db: Db,
  onDeliveries: () => void,
  { kafka, logger, messages, onMessages = () => {} }: SinkSettings = {},
): readonly SinkSource[] {
  const open = async () => (await import('./webhooks/webhook-sink.ts')).webhookSink(db, onDeliveries);
  const sinks: SinkSource[] = [{ name: WEBHOOK_SINK, active: 'registered', open }];
  if (messages && messages.types.length > 0) sinks.push(messageSink(db, onMessages));
  if (kafka !== undefined) {
    const openKafka = async () => (await import('./kafka/kafka-sink.ts')).openKafkaSink(kafka, logger);
    sinks.push({ name: 'kafka', active: 'configured', open: openKafka });
  }
  return sinks;
}

/** The sink of what customers are told: an event is delivered when the message that it asks for is on record. */
function messageSink(db: Db, onDue: () => void): SinkSource {
  const copy = async () => {
    const { isMore, isDue } = await copyMessages(db);
    if (isDue) onDue();
    return isMore;
  };
  return { name: MESSAGE_SINK, active: 'configured', copy };
}
