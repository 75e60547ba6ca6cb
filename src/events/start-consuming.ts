import type { KafkaConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import { createReceiver } from './consume/keep-received.ts';
import type { InboxRunner } from './consume/run-inbox.ts';
import type { KafkaConsumer } from './kafka/consume-kafka.ts';

/** Consumes Kafka into the inbox from now on, where the settings name brokers and topics; nothing of Kafka is loaded otherwise. */
export async function startConsuming(
  kafka: KafkaConfig | undefined,
  { db }: { readonly db: Db },
  inbox: Pick<InboxRunner, 'wake'>,
  logger: Logger,
): Promise<KafkaConsumer | undefined> {
  if (kafka === undefined || Object.values(kafka.consumer.topics).every((topic) => topic === undefined))
    return undefined;
  const { startKafkaConsumer } = await import('./kafka/consume-kafka.ts');
  return startKafkaConsumer(kafka, createReceiver(db, inbox.wake), logger);
}
