import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { OrderCache, OrderCopy } from '../../../src/redis/order-cache.ts';
import { startApiRig, type ApiRig } from '../../http/api-rig.ts';
import { captureLog } from '../../setup/captured-log.ts';
import { eventually } from '../../setup/eventually.ts';
import { startRedisServer, type RedisServer } from '../setup/start-redis.ts';
import { openProcess, type ApiProcess } from './process.ts';

const log = captureLog();
let rig: ApiRig;
let server: RedisServer;
/** Two processes with Redis, of which the second hears nothing from PostgreSQL, and one without Redis. */
let first: ApiProcess;
let second: ApiProcess;
let without: ApiProcess;

beforeAll(async () => {
  [rig, server] = await Promise.all([startApiRig(), startRedisServer()]);
});
beforeEach(async () => {
  first = await openProcess(rig, server.url, { logger: log.logger });
  second = await openProcess(rig, server.url, { hears: false });
  without = await openProcess(rig, undefined);
  log.clear();
});
afterEach(async () => {
  await Promise.all([first.close(), second.close(), without.close()]);
});
afterAll(async () => {
  await rig.stop();
  await server.destroy();
});

async function place(by = first): Promise<string> {
  const body = {
    currency: 'EUR',
    items: [{ sku: 'MUG', quantity: 2 }],
    payment_method: 'tok_secret_of_alice',
    shipping_address: { name: 'Alice', line1: '1 High Street', city: 'London', postal_code: 'N1 9GU', country: 'GB' },
  };
  const placed = await by.request('POST', '/orders', { body });
  expect([placed.status, placed.body.status]).toEqual([201, 'CONFIRMED']);
  return placed.body.id;
}

/** Reads until the answer comes from a copy: without a statement. */
async function readCopy(process: ApiProcess, path: string) {
  return await eventually(async () => {
    const before = process.statements();
    const answer = await process.request('GET', path);
    expect(process.statements() - before).toBe(0);
    return answer;
  });
}

const copy = (version: number): OrderCopy => ({
  customerId: 'alice',
  placedByService: null,
  version,
  details: `d${version}`,
  status: `s${version}`,
});
const held = async (cache: OrderCache, id: string) => (await cache.find(id, 'details')).copy?.text;
const caches = () => [first.orderCache!, second.orderCache!] as const;
const keyOf = (id: string) => `order-saga:${first.redis!.runId()}:order:${id}`;
const warnings = () => log.text().match(/Redis is (not used|full)/g) ?? [];

async function beginRead(cache: OrderCache, id: string) {
  const found = await cache.find(id, 'details');
  if (found.copy) throw new Error('there is a copy already');
  return found.fill;
}

/** Waits until a copy is held; one that Redis was too slow to take is given to it again, as by the next read. */
async function comesToHold(cache: OrderCache, id: string, given: OrderCopy): Promise<void> {
  await eventually(async () => {
    const found = await cache.find(id, 'details');
    if (!found.copy) found.fill(given);
    expect(found.copy?.text).toBe(given.details);
  });
}

describe('an order that is read', () => {
  test('is answered by any process without PostgreSQL, word for word, and so is its status', async () => {
    const id = await place();
    for (const path of [`/orders/${id}`, `/orders/${id}/status`]) {
      const expected = await without.request('GET', path);
      for (const process of [first, second]) {
        const { status, text, headers } = await readCopy(process, path);
        expect([status, text]).toEqual([200, expected.text]);
        for (const name of ['etag', 'content-type', 'cache-control'])
          expect(headers.get(name)).toBe(expected.headers.get(name));
      }
    }
  });

  test('is nobody else’s: another customer or service gets 404, as without a copy', async () => {
    const id = await place();
    for (const path of [`/orders/${id}`, `/orders/${id}/status`]) {
      await readCopy(first, path);
      expect((await first.request('GET', path, { as: 'support', sub: 'sue' })).status).toBe(200);
      for (const [as, sub] of [
        ['customer', 'bob'],
        ['service', 'shop'],
      ] as const) {
        const answer = await first.request('GET', path, { as, sub });
        const expected = await without.request('GET', path, { as, sub });
        expect([answer.status, answer.body.code]).toEqual([404, expected.body.code]);
      }
    }
  });

  test('leaves no payment token in Redis', async () => {
    const id = await place();
    await readCopy(first, `/orders/${id}`);
    const keys = await server.command('KEYS', `*${id}`);
    expect(keys).toHaveLength(1);
    const hash = JSON.stringify(await server.command('HGETALL', String(Array.isArray(keys) && keys[0])));
    expect(hash).toContain('tok_***ce');
    expect(hash).not.toContain('tok_secret_of_alice');
    expect(Number(await server.command('PTTL', String(Array.isArray(keys) && keys[0])))).toBeLessThanOrEqual(30_000);
  });
});

describe('a change', () => {
  test('is seen at once by its writer, in the process that wrote and in others', async () => {
    for (const [writer, reader] of [
      [first, second],
      [second, first],
      [first, first],
    ] as const) {
      const id = await place();
      const { order_number: number } = (await readCopy(reader, `/orders/${id}`)).body;
      await readCopy(writer, `/orders/${id}/status`);
      const cancelled = await writer.request('POST', `/orders/${reader === second ? id : number}/cancel`, {
        body: { reason: 'changed my mind' },
      });
      expect(cancelled.status).toBe(200);
      for (const path of [`/orders/${id}`, `/orders/${id}/status`])
        expect((await reader.request('GET', path)).body).toMatchObject({
          status: 'CANCELLED',
          version: cancelled.body.version,
        });
    }
  });

  test('by a process that does not know of Redis is heard from PostgreSQL', async () => {
    const id = await place();
    await readCopy(first, `/orders/${id}`);
    await without.request('POST', `/orders/${id}/cancel`, { body: { reason: 'changed my mind' } });
    await eventually(async () => expect((await first.request('GET', `/orders/${id}`)).body.status).toBe('CANCELLED'));
  });
});

describe('a copy that comes late', () => {
  test('does not replace a later version', async () => {
    const [here, there] = caches();
    const id = uuidv7();
    const [fillLate, fillEarly] = [await beginRead(here, id), await beginRead(there, id)];
    fillEarly(copy(8));
    await comesToHold(there, id, copy(8));
    fillLate(copy(7));
    // Redis answers a connection in sequence, so that the late copy would be there.
    await here.find(uuidv7(), 'details');
    expect(await server.command('HGET', keyOf(id), 'details')).toBe('d8');
  });

  test('is not stored when the order has changed since it was read, whoever changed it', async () => {
    const [here, there] = caches();
    for (const [writer, reader] of [
      [here, there],
      [there, here],
    ] as const) {
      const id = uuidv7();
      const fill = await beginRead(reader, id);
      await writer.forget([id]);
      await eventually(async () => expect(await server.command('HGET', keyOf(id), 'removals')).toBe('1'));
      fill(copy(3));
      await reader.find(uuidv7(), 'details');
      expect(await server.command('HGET', keyOf(id), 'details')).toBeNull();
    }
  });

  test('is accepted by nobody who has read a later version', async () => {
    const [here, there] = caches();
    const id = uuidv7();
    const [fillHere, fillThere] = [await beginRead(here, id), await beginRead(there, id)];
    fillThere(copy(3));
    await comesToHold(there, id, copy(3));
    fillHere(copy(4));
    await comesToHold(here, id, copy(4));
    expect(await held(there, id)).toBe('d4');
    await server.command('HSET', keyOf(id), 'version', '3', 'details', 'd3');
    expect(await held(here, id)).toBeUndefined();
  });

  test('is not brought back by a server that restores what it held', async () => {
    const id = await place();
    await readCopy(second, `/orders/${id}`);
    await server.command('SAVE');
    await server.kill();
    await without.request('POST', `/orders/${id}/cancel`, { body: { reason: 'while Redis was away' } });
    await server.start();
    await eventually(() => second.redis!.isUsed());
    expect((await second.request('GET', `/orders/${id}`)).body.status).toBe('CANCELLED');
  });
});

describe('PostgreSQL answers', () => {
  test('while Redis is away, also when it is killed under load, and it is logged once', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => place()));
    const killed = new AbortController();
    const read = async (id: string) => {
      const statuses = new Set<number>();
      while (!killed.signal.aborted) statuses.add((await first.request('GET', `/orders/${id}`)).status);
      statuses.add((await first.request('GET', `/orders/${id}/status`)).status);
      return [...statuses];
    };
    const reading = Promise.all(ids.map(read));
    await readCopy(second, `/orders/${ids[0]}`);
    await server.kill();
    await eventually(() => !first.redis!.isUsed());
    killed.abort();
    expect((await reading).flat()).toEqual(ids.map(() => 200));
    const cancelled = await first.request('POST', `/orders/${ids[0]}/cancel`, { body: { reason: 'no longer' } });
    expect(cancelled.status).toBe(200);
    expect((await first.request('GET', `/orders/${ids[0]}`)).body.status).toBe('CANCELLED');
    expect(warnings()).toHaveLength(1);
    await server.start();
    await readCopy(first, `/orders/${ids[1]}`);
    expect(warnings()).toHaveLength(1);
  });

  test('while Redis does not, and what changed meanwhile is removed before it is used again', async () => {
    const id = await place();
    await readCopy(first, `/orders/${id}`);
    await readCopy(second, `/orders/${id}`);
    server.freeze();
    try {
      expect((await first.request('GET', `/orders/${id}`)).status).toBe(200);
      expect(first.redis!.isUsed()).toBe(false);
      expect((await second.request('POST', `/orders/${id}/cancel`, { body: { reason: 'no longer' } })).status).toBe(
        200,
      );
      expect((await second.request('GET', `/orders/${id}`)).body.status).toBe('CANCELLED');
    } finally {
      server.thaw();
    }
    for (const process of [first, second]) {
      await eventually(() => process.redis!.isUsed());
      expect((await process.request('GET', `/orders/${id}`)).body.status).toBe('CANCELLED');
    }
    expect(warnings()).toHaveLength(1);
  });

  test('what Redis is too full to hold, and a change is still seen at once', async () => {
    const id = await place();
    await readCopy(second, `/orders/${id}`);
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    try {
      expect((await first.request('POST', `/orders/${id}/cancel`, { body: { reason: 'no longer' } })).status).toBe(200);
      for (const process of [second, first, second, first])
        expect((await process.request('GET', `/orders/${id}`)).body.status).toBe('CANCELLED');
      await eventually(() => expect(warnings()).toEqual(['Redis is full']));
      expect(first.redis!.isUsed()).toBe(true);
    } finally {
      await server.command('CONFIG', 'SET', 'maxmemory', '0');
    }
  });
});
