import { setTimeout as sleep } from 'node:timers/promises';
import { firstIdsByKey, readTopic } from '../kafka/read-topic.ts';
import type { KafkaBroker } from '../kafka/start-kafka.ts';
import type { Verdict } from './invariants.ts';
import type { Random } from './random.ts';
import type { ReadEvent, Reading } from './read-everything.ts';

/** Seconds between two kills: a broker is back after three. */
const GAP_SECONDS = { least: 4, most: 15 };

/** How long it is away, beside the time that it takes to start. */
const AWAY_SECONDS = { least: 0, most: 4 };

/** Kills a broker of Kafka again and again, and starts it each time, until `durationMs` have passed; returns how often. */
export async function killBroker(broker: KafkaBroker, random: Random, durationMs: number): Promise<number> {
  const endMs = Date.now() + durationMs;
  let kills = 0;
  while (Date.now() < endMs) {
    await sleep(Math.min(random.between(GAP_SECONDS.least, GAP_SECONDS.most) * 1_000, endMs - Date.now()));
    if (await broker.kill()) kills += 1;
    await sleep(random.between(AWAY_SECONDS.least, AWAY_SECONDS.most) * 1_000);
    await broker.start();
  }
  return kills;
}

const topics = [
  { topic: 'orders.events', prefix: 'order.' },
  { topic: 'payments.events', prefix: 'payment.' },
] as const;

/** Reads the topics with Kafka's own consumer: every event of every order has to be in its topic, in order where it first comes. */
export async function checkTopics({ plainAddress }: KafkaBroker, { orders, events }: Reading): Promise<Verdict> {
  const byOrder = Map.groupBy(events, ({ orderId }) => orderId);
  const breaches = [];
  for (const { topic, prefix } of topics) {
    const received = firstIdsByKey(await readTopic(plainAddress, topic));
    for (const { id: orderId } of orders) {
      const wanted = idsOf(byOrder.get(orderId) ?? [], prefix);
      const got = (received.get(orderId) ?? []).join(', ');
      if (got !== wanted) breaches.push({ orderId, what: `events ${wanted}; ${topic} has ${got || 'none'}` });
    }
  }
  return { name: 'every event is in Kafka, in order', checked: events.length, breaches };
}

function idsOf(events: readonly ReadEvent[], prefix: string): string {
  return events
    .filter(({ type }) => type.startsWith(prefix))
    .map(({ id }) => id)
    .join(', ');
}
