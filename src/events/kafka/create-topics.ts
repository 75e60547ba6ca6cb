import { Admin, findErrorBy } from '@platformatic/kafka';
import type { KafkaConfig } from '../../config.ts';
import type { Logger } from '../../logger.ts';
import { readClientOptions, tolerateLostConnections } from './kafka-client.ts';

/** Creates those of the topics that don't exist, if the settings allow it; another process may do the same. Returns those that exist then. */
export async function createMissingTopics(
  kafka: KafkaConfig,
  topics: readonly string[],
  logger?: Logger,
): Promise<string[]> {
  const admin = tolerateLostConnections(new Admin(await readClientOptions(kafka)));
  try {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic));
    if (kafka.newTopics === undefined || missing.length === 0) return topics.filter((topic) => existing.has(topic));
    const { partitions, replication, retentionMs } = kafka.newTopics;
    const configs = retentionMs === undefined ? [] : [{ name: 'retention.ms', value: String(retentionMs) }];
    for (const topic of missing) {
      const wanted = {
        topics: [topic],
        partitions,
        configs,
        ...(replication !== undefined && { replicas: replication }),
      };
      const isNew = await admin.createTopics(wanted).then(() => true, unlessExisting);
      if (isNew) logger?.info({ topic, partitions }, 'topic created');
    }
    return [...topics];
  } finally {
    await admin.close();
  }
}

function unlessExisting(error: unknown): false {
  if (error instanceof Error && findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS') !== null) return false;
  throw error;
}
