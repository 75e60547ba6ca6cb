import { LRUCache } from 'lru-cache';
import { countMetric } from '../metrics/record-metrics.ts';
import type { Redis, RedisClient } from './open-redis.ts';

/** What is answered about an order, as JSON, and to whom it may be given. The payment method is in it only masked. */
export interface OrderCopy {
  readonly customerId: string;
  readonly placedByService: string | null;
  readonly version: number;
  readonly details: string;
  readonly status: string;
}

/** What a copy can answer. */
export type CopyKind = 'details' | 'status';

/** The part of a copy that answers one request. */
export type CopyPart = Pick<OrderCopy, 'customerId' | 'placedByService' | 'version'> & { readonly text: string };

/** Either a copy, or what has to be told when PostgreSQL has answered instead. */
export type Found =
  | { readonly copy: CopyPart }
  | { readonly copy?: undefined; readonly fill: (copy: OrderCopy) => void };

/** Copies of orders, which every process that uses the same Redis server shares. It never rejects: without Redis nothing is found. */
export interface OrderCache {
  readonly find: (orderId: string, kind: CopyKind) => Promise<Found>;
  /**
   * Removes the copies of orders that have changed; no read that began before can bring them back. Waits 500 ms at most, and not at all for
   * a Redis that was slow a moment ago: what isn't removed by then is removed as soon as Redis answers.
   */
  readonly forget: (orderIds: readonly string[]) => Promise<void>;
  /** Accepts no copy of the order until this process has read it from PostgreSQL. */
  readonly distrust: (orderId: string) => void;
}

/** The last resort: no copy is older, whatever was lost between its writer and Redis. */
const COPY_LIFETIME_MS = 30_000;

/** A read that took longer leaves no copy: a removal is remembered for much longer than this. */
const FILL_LIMIT_MS = 2_000;

/** A writer waits longer than a reader, once: what it leaves behind would not be slow but wrong. */
const REMOVAL_LIMIT_MS = 500;

/** Of how many orders a process remembers the least version that it accepts, and that it has still to remove. */
const MAX_REMEMBERED = 10_000;

/** Copies in the Redis server. */
export function createOrderCache(redis: Redis): OrderCache {
  const accepted = rememberVersions();
  // By the change that is to be removed, so that one that comes meanwhile stays.
  const notRemoved = new LRUCache<string, symbol>({ max: MAX_REMEMBERED });
  const removeAll = async (client: RedisClient, runId: string, orderIds: readonly string[]) => {
    const remove = async (id: string) => {
      const change = notRemoved.get(id);
      await removeOne(client, runId, id);
      if (notRemoved.get(id) === change) notRemoved.delete(id);
    };
    await Promise.all(orderIds.map(remove));
  };
  redis.beforeUse((client, runId) => removeAll(client, runId, [...notRemoved.keys()]));
  return {
    find: async (orderId, kind) => {
      const remember = accepted.beginRead(orderId);
      const key = keyOf(redis.runId(), orderId);
      const untilMs = redis.nowMs() + FILL_LIMIT_MS;
      const fields = ['customer', 'service', 'version', 'removals', kind];
      const found = await redis.ask((client) => client.hmGet(key, fields)).catch(() => undefined);
      if (!found) {
        countMetric('order_cache_reads_total', { outcome: 'unavailable' });
        return {
          fill: ({ version }) => {
            remember(version);
          },
        };
      }
      const [customerId, service, version, removals, text] = found;
      if (isText(customerId) && isText(version) && isText(text) && Number(version) >= accepted.least(orderId)) {
        countMetric('order_cache_reads_total', { outcome: 'hit' });
        return { copy: { customerId, placedByService: service || null, version: Number(version), text } };
      }
      countMetric('order_cache_reads_total', { outcome: 'miss' });
      return {
        fill: (copy) => {
          remember(copy.version);
          const given = [removals ?? '', String(untilMs), String(COPY_LIFETIME_MS), ...fieldsOf(copy)];
          redis.ask((client) => client.eval(FILL, { keys: [key], arguments: given })).catch(() => {});
        },
      };
    },
    forget: async (orderIds) => {
      for (const id of orderIds) {
        accepted.distrust(id);
        notRemoved.set(id, Symbol(id));
      }
      const runId = redis.runId();
      await redis
        .ask((client) => removeAll(client, runId, orderIds), REMOVAL_LIMIT_MS)
        .catch(() => {
          // A server that is only slow gets it now; that it was removed for good is known once Redis is used again.
          for (const id of orderIds) redis.send((client) => removeOne(client, runId, id));
        });
    },
    distrust: accepted.distrust,
  };
}

/** Each start of the server has copies of its own: what it restores from its disk may have changed since. */
function keyOf(runId: string, orderId: string): string {
  return `order-saga:${runId}:order:${orderId}`;
}

async function removeOne(client: RedisClient, runId: string, orderId: string): Promise<void> {
  await client.eval(REMOVE, { keys: [keyOf(runId, orderId)], arguments: [String(COPY_LIFETIME_MS)] });
}

/** Works on a server that is full, too: a removal must not fail because there is no room to remember it. */
const REMOVE = `#!lua flags=allow-oom
redis.call('HDEL', KEYS[1], 'customer', 'service', 'version', 'details', 'status')
redis.call('HINCRBY', KEYS[1], 'removals', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

/** Stores a copy, unless a removal or a later version came since PostgreSQL was asked, or the command comes too late to know. */
const FILL = `
local held = redis.call('HMGET', KEYS[1], 'version', 'removals')
local time = redis.call('TIME')
if (held[2] or '') ~= ARGV[1] then return 0 end
if held[1] and tonumber(held[1]) >= tonumber(ARGV[4]) then return 0 end
if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[4], 'customer', ARGV[5], 'service', ARGV[6], 'details', ARGV[7], 'status', ARGV[8])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

function fieldsOf({ version, customerId, placedByService, details, status }: OrderCopy): string[] {
  return [String(version), customerId, placedByService ?? '', details, status];
}

/** The least version of an order that this process accepts: none once it has heard of a change, until it has read the order itself. */
function rememberVersions() {
  const known = new LRUCache<string, { readonly version: number; readonly changes: number }>({ max: MAX_REMEMBERED });
  const changesOf = (orderId: string) => known.get(orderId)?.changes ?? 0;
  return {
    least: (orderId: string) => known.get(orderId)?.version ?? 0,
    distrust: (orderId: string) => {
      known.set(orderId, { version: Number.POSITIVE_INFINITY, changes: changesOf(orderId) + 1 });
    },
    /** Returns what notes the version that is read; it does nothing when the order changes during the read. */
    beginRead: (orderId: string) => {
      const changes = changesOf(orderId);
      return (version: number) => {
        if (changesOf(orderId) !== changes) return;
        const before = known.get(orderId)?.version ?? 0;
        known.set(orderId, { version: Number.isFinite(before) ? Math.max(before, version) : version, changes });
      };
    },
  };
}

function isText(value: string | null | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
