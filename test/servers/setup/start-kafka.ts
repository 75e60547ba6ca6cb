import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, type KafkaBroker, type KafkaOptions } from '../../../dev/kafka/start-kafka.ts';

/** A broker of a test file, with its data in a folder of its own. */
export interface TestKafka extends KafkaBroker {
  /** Ends it and deletes its data. */
  readonly destroy: () => Promise<void>;
}

/** Starts a broker with an empty folder; rejects with what to install when Kafka can't be had. */
export async function startTestKafka(options: Omit<KafkaOptions, 'folder'> = {}): Promise<TestKafka> {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-'));
  const broker = await startKafka({ folder, ...options });
  return {
    ...broker,
    destroy: async () => {
      broker.thaw();
      await broker.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
