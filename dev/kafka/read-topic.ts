import { Consumer } from '@platformatic/kafka';
import { runCommand } from '../local/run-command.ts';
import { useClassArchive } from './class-archive.ts';
import { findKafka } from './find-kafka.ts';
import { SMALL_JAVA } from './start-kafka.ts';

/** A message as Kafka's own console consumer prints it. */
export interface PrintedMessage {
  readonly partition: number;
  readonly offset: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly key: string;
  readonly value: string;
}

/** A consumer starts in seconds; the rest is for a busy machine. */
const LIMIT_MS = 90_000;

const shown = ['partition', 'offset', 'headers', 'key'].flatMap((name) => [
  '--formatter-property',
  `print.${name}=true`,
]);

/** Reads all that a topic holds now with the console consumer of Kafka, which knows nothing of our code. */
export async function readTopic(address: string, topic: string): Promise<PrintedMessage[]> {
  const count = await countMessages(address, topic);
  if (count === 0) return [];
  const kafka = await findKafka({ progress: () => undefined });
  const consumer = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
  const args = ['--bootstrap-server', address, '--topic', topic, '--from-beginning', '--max-messages', String(count)];
  const printed = await runCommand(kafka, [...SMALL_JAVA, ...useClassArchive(kafka), consumer, ...args, ...shown], {
    limitMs: LIMIT_MS,
  });
  return printed.split('\n').flatMap((line) => (line.startsWith('Partition:') ? [parse(line)] : []));
}

/** How many messages a topic holds that is never shortened. */
async function countMessages(address: string, topic: string): Promise<number> {
  const client = new Consumer({ clientId: 'count', groupId: 'count', bootstrapBrokers: [address] });
  try {
    const offsets = await client.listOffsets({ topics: [topic] });
    return Number((offsets.get(topic) ?? []).reduce((sum, offset) => sum + offset, 0n));
  } finally {
    await client.close();
  }
}

/** The ids of a topic's events by key, each as it first came. */
export function firstIdsByKey(messages: readonly PrintedMessage[]): Map<string, number[]> {
  const ids = new Map<string, Set<number>>();
  for (const { key, headers } of messages) {
    ids.set(key, (ids.get(key) ?? new Set()).add(Number(headers['ce_id'])));
  }
  return new Map([...ids].map(([key, set]) => [key, [...set]]));
}

function parse(line: string): PrintedMessage {
  const [partition = '', offset = '', headers = '', key = '', ...value] = line.split('\t');
  const pairs = headers.split(',').map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]);
  return {
    partition: Number(partition.replace('Partition:', '')),
    offset: Number(offset.replace('Offset:', '')),
    headers: Object.fromEntries(pairs),
    key,
    value: value.join('\t'),
  };
}
