import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '../../src/domain/caller.ts';
import { createApi } from '../../src/http/app.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { openDatabase, type Database } from '../../src/repositories/database.ts';
import { readReplica, type Reader } from '../../src/repositories/reader.ts';
import { findWrittenPosition } from '../../src/repositories/recent-writers.ts';
import { openReplica, type Replica } from '../../src/repositories/replica.ts';
import { someOrder } from '../repositories/orders.ts';
import { captureLog } from '../setup/captured-log.ts';
import { createTestDatabase } from '../setup/database.ts';
import { eventually } from '../setup/eventually.ts';
import { startOwnPostgres, startReplica } from '../setup/servers.ts';
import { databaseUrl } from '../setup/template-database.ts';
import { openApiParts } from './api-parts.ts';
import { token } from './api-rig.ts';

/** Longer than a test takes, unless it waits for the replica to be too far behind. */
const LONG_MS = 3_600_000;

let primaryServer: Awaited<ReturnType<typeof startOwnPostgres>>;
let replicaServer: Awaited<ReturnType<typeof startReplica>>;
let urls: { primary: string; replica: string };
let parts: ReturnType<typeof openApiParts>;
/** Another process of the same API, which knows of a write only what the database tells. */
let other: ReturnType<typeof openApiParts>;
let replicaAdmin: Database;
const log = captureLog();
const opened: Replica[] = [];

beforeAll(async () => {
  primaryServer = await startOwnPostgres();
  const { url, runningUrl } = await createTestDatabase(primaryServer.url);
  replicaServer = await startReplica(primaryServer);
  const name = new URL(url).pathname.slice(1);
  urls = { primary: runningUrl, replica: databaseUrl(replicaServer.url, name) };
  parts = openApiParts({ url: 'http://127.0.0.1:9', databaseUrl: runningUrl });
  other = openApiParts({ url: 'http://127.0.0.1:9', databaseUrl: runningUrl });
  replicaAdmin = openDatabase(urls.replica, { max: 2, name: 'test', onError: () => {} });
});
beforeEach(async () => {
  await resume();
  for (const one of opened.splice(0)) await one.close();
  log.clear();
});
afterAll(async () => {
  for (const one of opened) await one.close();
  for (const { changes, database, feed } of [parts, other]) {
    feed.close();
    await changes.close();
    await database.close();
  }
  await replicaAdmin.close();
  await replicaServer.destroy();
  await primaryServer.destroy();
});

/** Opens a reader of the replica as a process does, and waits until it may be read. */
async function openReader(maxLagMs = LONG_MS, { database } = parts): Promise<{ reader: Reader; replica: Replica }> {
  const replica = openReplica(database.db, { readUrl: urls.replica, poolMax: 2, readMaxLagMs: maxLagMs }, log.logger)!;
  opened.push(replica);
  await eventually(() => expect(replica.state()).toBe('ok'));
  return { reader: readReplica(database.db, replica), replica };
}

/** Injects lag: from now on the replica hears of what is written and does not show it. */
const pause = () => sql`select pg_wal_replay_pause()`.execute(replicaAdmin.db);
const resume = () => sql`select pg_wal_replay_resume()`.execute(replicaAdmin.db);

async function whoAnswers(reader: Reader, subject: string): Promise<'primary' | 'replica'> {
  return reader.read(subject, async (db) => {
    const { rows } = await sql<{ is: boolean }>`select pg_is_in_recovery() as is`.execute(db);
    return rows[0]?.is ? 'replica' : 'primary';
  });
}

describe('lists, exports and reports', () => {
  test('come from the replica, and one who has just written reads their own writes, of any process', async () => {
    const { reader, replica } = await openReader();
    const { replica: otherReplica } = await openReader(LONG_MS, other);
    const apis = [createApi({ ...parts, replica }), createApi({ ...other, replica: otherReplica })];
    const send = async (
      api: (typeof apis)[number] | undefined,
      method: string,
      path: string,
      sub: string,
      role: Role,
    ) => {
      const authorization = `Bearer ${await token(sub, [role])}`;
      const coupon = { kind: 'percent', value: '10', active: true, once_per_customer: false };
      const response = await api!.request(path, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(method === 'PUT' && { body: JSON.stringify(coupon) }),
      });
      return { status: response.status, text: await response.text() };
    };
    await eventually(async () => expect(await whoAnswers(reader, 'ann')).toBe('replica'));
    await pause();
    const placed = await acceptOrder(parts.database.db, someOrder(), null);
    expect((await send(apis[0], 'PUT', '/api/v1/coupons/SPRING', 'ann', 'admin')).status).toBeLessThan(300);
    for (const api of apis) {
      for (const path of ['/api/v1/orders', '/api/v1/orders/export', '/api/v1/reports/sales']) {
        const told = path.includes('reports') ? '"orders":1' : String(placed?.id);
        expect((await send(api, 'GET', path, 'ann', 'admin')).text).toContain(told);
        expect((await send(api, 'GET', path, 'bob', 'admin')).text).not.toContain(told);
      }
      expect((await send(api, 'GET', `/api/v1/orders/${placed?.id}`, 'bob', 'admin')).status).toBe(200);
    }
    await resume();
    await eventually(async () =>
      expect((await send(apis[1], 'GET', '/api/v1/orders', 'bob', 'admin')).text).toContain(String(placed?.id)),
    );
    expect(await whoAnswers(reader, 'ann')).toBe('replica');
    expect(JSON.parse((await send(apis[0], 'GET', '/readyz', 'ann', 'admin')).text)).toMatchObject({ replica: 'ok' });
  });

  test('come from the primary while the replica is too far behind, which is logged once', async () => {
    const { reader, replica } = await openReader(2_000);
    await eventually(() => expect(replica.state()).toBe('ok'));
    // On a busy machine it may have been behind before.
    log.clear();
    await pause();
    await parts.database.db
      .insertInto('outbox')
      .values({ subject_id: someOrder().id, type: 'x', payload: '{}' })
      .execute();
    await eventually(() => expect(replica.state()).toBe('lagging'));
    expect(await whoAnswers(reader, 'bob')).toBe('primary');
    await eventually(async () => (await findWrittenPosition(parts.database.db)) > 0);
    expect(log.text().match(/is not read: the primary answers/g)).toHaveLength(1);
    await resume();
    await eventually(() => expect(replica.state()).toBe('ok'));
    expect(await whoAnswers(reader, 'bob')).toBe('replica');
  });

  test('come from the primary while the replica is away, also those that were being read, which is logged once', async () => {
    const { reader, replica } = await openReader();
    const reading = reader.read('bob', async (db) => {
      const { rows } = await sql<{
        is: boolean;
      }>`select pg_is_in_recovery() as is, pg_sleep(case when pg_is_in_recovery() then 8 else 0 end)`.execute(db);
      return rows[0]?.is;
    });
    await eventually(async () => {
      const { rows } =
        await sql`select from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`.execute(
          replicaAdmin.db,
        );
      return rows.length > 0;
    });
    await replicaServer.crash();
    expect(await reading).toBe(false);
    expect(await whoAnswers(reader, 'bob')).toBe('primary');
    await eventually(() => expect(replica.state()).toBe('unavailable'));
    await replicaServer.start();
    await eventually(() => expect(replica.state()).toBe('ok'));
    expect(await whoAnswers(reader, 'bob')).toBe('replica');
    expect(log.text().match(/is not read: the primary answers/g)).toHaveLength(1);
  });

  test('come from the primary if DATABASE_READ_URL is no replica', async () => {
    const replica = openReplica(
      parts.database.db,
      { readUrl: urls.primary, poolMax: 1, readMaxLagMs: LONG_MS },
      log.logger,
    )!;
    opened.push(replica);
    const reader = readReplica(parts.database.db, replica);
    expect(await whoAnswers(reader, 'bob')).toBe('primary');
    await eventually(() => expect(replica.state()).toBe('unavailable'));
  });
});
