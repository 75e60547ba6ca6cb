import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from '../../http/api-rig.ts';
import { eventually } from '../../setup/eventually.ts';
import { startRedisServer, type RedisServer } from '../setup/start-redis.ts';
import { openProcess, type ApiProcess } from './process.ts';

const LIMIT = 6;
let rig: ApiRig;
let server: RedisServer;
let processes: ApiProcess[];

beforeAll(async () => {
  [rig, server] = await Promise.all([startApiRig(), startRedisServer()]);
  const open = () => openProcess(rig, server.url, { rateLimit: String(LIMIT) });
  processes = [await open(), await open()];
});
afterAll(async () => {
  for (const process of processes) await process.close();
  await rig.stop();
  await server.destroy();
});

async function ask(count: number, sub: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) statuses.push((await processes[n % 2]!.request('GET', '/orders', { sub })).status);
  return statuses;
}

async function countedInPostgres(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from rate_limits`.execute(rig.database.db);
  return rows[0]?.count ?? 0;
}

test('requests are counted by all processes together, in Redis alone', async () => {
  expect(await ask(LIMIT + 2, 'alice')).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
  expect(await ask(1, 'bob')).toEqual([200]);
  expect(await countedInPostgres()).toBe(0);
});

test('while Redis is away, they are counted together in PostgreSQL', async () => {
  await server.kill();
  await eventually(() => processes.every(({ redis }) => redis?.isUsed() === false));
  expect(await ask(LIMIT + 2, 'ann')).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
  expect(await countedInPostgres()).toBe(1);
});
