import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { Random } from '../../dev/chaos/random.ts';
import type { OrderEvent } from '../../src/domain/order-event.ts';
import type { DeliveryReport } from '../../src/events/event-sink.ts';
import { startPublisher } from '../../src/events/outbox-publisher.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { decideDeliveries } from '../../src/repositories/list-deliveries.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { endPauses, logger, sourceOf } from './outbox-rig.ts';

/** So short that a publisher often loses its lease in the middle of what it does. */
const timing = { leaseMs: 40, idleMs: 15 };

/** What the events of a storm went through. */
export interface Storm {
  /** The events of each order that were committed, in the order of their commits. */
  readonly committed: ReadonlyMap<string, readonly number[]>;
  /** By sink, the events of each order in the order of their first arrival. */
  readonly received: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  readonly counts: { killed: number; rejected: number; repeated: number };
}

/** Faults of the sinks; switched off when the storm is over. */
interface Weather {
  readonly random: Random;
  isStormy: boolean;
  readonly counts: Storm['counts'];
}

/**
 * Runs writers whose transactions overlap and commit in any sequence, some of them never, beside publishers that lose their leases and are killed,
 * most of them between a delivery and the move of the cursor, and sinks that are away, lose answers, are slow and reject. Then the sky clears.
 */
export async function runStorm(url: string, db: Db, random: Random, sinks: readonly string[]): Promise<Storm> {
  const weather: Weather = { random, isStormy: true, counts: { killed: 0, rejected: 0, repeated: 0 } };
  const hints = new Set<() => void>();
  const received = new Map(sinks.map((name) => [name, new Map<string, number[]>()]));
  const open = () => openPublisher({ url, weather, hints, received });
  const publishers = new Set([open(), open(), open()]);
  const over = new AbortController();
  const helping = helpAlong({ db, publishers, open, weather }, over.signal);
  try {
    const committed = await writeMany(db, random, () => {
      // Some hints are lost.
      if (random.chance(0.8)) for (const wake of hints) wake();
    });
    weather.isStormy = false;
    await untilDelivered(db);
    return { committed, received, counts: weather.counts };
  } finally {
    over.abort();
    await helping;
    await Promise.all([...publishers].map((publisher) => publisher.stop()));
  }
}

type StormyPublisher = ReturnType<typeof openPublisher>;

interface Help {
  readonly db: Db;
  readonly publishers: Set<StormyPublisher>;
  readonly open: () => StormyPublisher;
  readonly weather: Weather;
}

/** Replaces publishers that were killed, shortens the pauses before next attempts, and has dead letters retried at the end. */
async function helpAlong({ db, publishers, open, weather }: Help, over: AbortSignal): Promise<void> {
  for (; !over.aborted; await delay(20)) {
    for (const publisher of publishers) {
      if (publisher.isDead() && publishers.delete(publisher)) publishers.add(open());
    }
    // What it waits for may wait for it.
    await endPauses(db).catch(() => {});
    if (!weather.isStormy) await decideDeliveries(db, 'retry', { state: 'DEAD' }, 1_000).catch(() => {});
  }
}

interface PublisherParts {
  readonly url: string;
  readonly weather: Weather;
  readonly hints: Set<() => void>;
  readonly received: ReadonlyMap<string, Map<string, number[]>>;
}

/** A publisher with connections of its own. Killed, it has none any more: nothing that it still does reaches the database. */
function openPublisher({ url, weather, hints, received }: PublisherParts) {
  const database = openDatabase(url, { max: 4, name: 'storm', onError: () => {} });
  const state = { isDead: false };
  const kill = () => {
    if (state.isDead) return;
    state.isDead = true;
    weather.counts.killed += 1;
    void database.close();
    void publisher.stop();
  };
  const sinks = [...received].map(([name, taken]) =>
    sourceOf(name, (events) => deliverInStorm(events, { weather, taken, kill })),
  );
  const publisher = startPublisher({
    db: database.db,
    changes: { watchEvents: (wake) => (hints.add(wake), () => hints.delete(wake)) },
    sinks,
    rules: { maxAttempts: 2, onDeadLetter: 'hold' },
    retentionMs: 3_600_000,
    timing,
    logger,
  });
  return {
    isDead: () => state.isDead,
    stop: async () => {
      await publisher.stop();
      if (!state.isDead) await database.close();
    },
  };
}

interface Delivery {
  readonly weather: Weather;
  readonly taken: Map<string, number[]>;
  readonly kill: () => void;
}

async function deliverInStorm(
  events: readonly OrderEvent[],
  { weather, taken, kill }: Delivery,
): Promise<DeliveryReport> {
  const { random, isStormy, counts } = weather;
  if (isStormy && random.chance(0.15)) throw new Error('away');
  const stopsAfter = isStormy && random.chance(0.1) ? random.integer(0, events.length) : events.length;
  const rejected = new Map<string, { id: number; reason: string }>();
  for (const event of events.slice(0, stopsAfter)) {
    const { id, subjectId } = event;
    if (rejected.has(subjectId)) continue;
    if (isStormy && random.chance(0.01)) await delay(random.integer(1, 60));
    if (isStormy && random.chance(0.05)) rejected.set(subjectId, { id, reason: 'rejected' });
    else take(event, taken, counts);
  }
  counts.rejected += rejected.size;
  if (isStormy && random.chance(0.1)) kill();
  if (stopsAfter < events.length || (isStormy && random.chance(0.1))) throw new Error('answer lost');
  return { rejected: [...rejected.values()] };
}

function take({ id, subjectId }: OrderEvent, taken: Map<string, number[]>, counts: Storm['counts']): void {
  const ids = taken.get(subjectId) ?? [];
  if (ids.includes(id)) counts.repeated += 1;
  else taken.set(subjectId, [...ids, id]);
}

/** Transactions of each writer, one after the other. */
const TRANSACTIONS = 60;

/** Writes events of a few orders by writers side by side, each holding its order as whoever changes an order does. */
async function writeMany(db: Db, random: Random, announce: () => void): Promise<Map<string, number[]>> {
  const committed = new Map(Array.from({ length: 12 }, () => [uuidv7(), new Array<number>()] as const));
  const orderIds = [...committed.keys()];
  const write = async () => {
    for (let n = 0; n < TRANSACTIONS; n += 1) {
      const orderId = random.pick(orderIds);
      const events = { subject_id: orderId, type: 'order.tested', payload: '{}' };
      const isUndone = random.chance(0.1);
      await db
        .transaction()
        .execute(async (writer) => {
          await sql`select pg_advisory_xact_lock(hashtext(${orderId}))`.execute(writer);
          const ids: number[] = [];
          for (let left = random.integer(1, 3); left > 0; left -= 1) {
            const { id } = await writer.insertInto('outbox').values(events).returning('id').executeTakeFirstOrThrow();
            ids.push(id);
            if (random.chance(0.5)) await delay(random.integer(0, 12));
          }
          if (isUndone) throw new Error('undone');
          // Under the lock, so that they stand in the order of the commits.
          committed.get(orderId)?.push(...ids);
        })
        .catch((error: unknown) => {
          if (!isUndone) throw error;
        });
      announce();
    }
  };
  await Promise.all(Array.from({ length: 5 }, write));
  return committed;
}

/** Waits until every sink on record has everything. */
async function untilDelivered(db: Db): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(20)) {
    const { rows } = await sql`
      select from outbox o where position is null or position > (select min(position) from event_sinks)
        or exists (select from event_deliveries d where d.event_id = o.id and d.state <> 'DELIVERED')
      limit 1`.execute(db);
    if (rows.length === 0) return;
  }
}
