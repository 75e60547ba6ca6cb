import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGateways } from '../../src/gateways/index.ts';
import { createApi } from '../../src/http/app.ts';
import { createOrderFeed } from '../../src/events/order-feed.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { TemporalUnavailableError } from '../../src/temporal/order-commands.ts';
import { createTestDatabase } from '../setup/database.ts';
import { startOwnPostgres, type RestartableServer } from '../setup/servers.ts';
import { underContract } from './openapi-contract.ts';
import { order, startApiRig, token, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

describe('without a database', () => {
  let server: RestartableServer & { url: string };

  beforeAll(async () => {
    server = await startOwnPostgres();
  });
  afterAll(() => server.destroy());

  test('the API lives, is not ready, answers 503, and comes back by itself', async () => {
    const { url } = await createTestDatabase(server.url);
    const database = openDatabase(url, { max: 2, name: 'test', onError: () => {} });
    const { config, commands, importCommands } = rig;
    const changes = {
      waitFor: async <T>(_: string, read: () => Promise<T>) => read(),
      watch: () => ({ hold: () => () => {}, renew: () => {} }),
      watchAll: () => {},
      watchEvents: () => () => {},
      wake: () => {},
      endWaits: () => {},
      close: () => Promise.resolve(),
    };
    const api = createApi({
      config,
      commands,
      importCommands,
      startResolution: () => Promise.resolve(),
      startReport: () => Promise.resolve(),
      database,
      logger: pino({ level: 'silent' }),
      announcer: { announce: () => {} },
      changes,
      feed: createOrderFeed(database.db, changes, pino({ level: 'silent' })),
      gateways: createGateways(config.gateways, pino({ level: 'silent' })),
      describeWorkers: () => Promise.reject(new TemporalUnavailableError('Temporal is not reachable')),
      isTemporalReady: () => Promise.resolve(false),
      isStopping: () => false,
    });
    await underContract(api);
    const headers = {
      authorization: `Bearer ${await token('alice', ['customer'])}`,
      'content-type': 'application/json',
    };
    const list = async () => await api.request('/api/v1/orders', { headers });
    expect((await list()).status).toBe(200);

    await server.crash();
    expect((await api.request('/healthz')).status).toBe(200);
    // The server's own processes outlive its death by a moment.
    await expect.poll(async () => (await api.request('/readyz')).status).toBe(503);
    const ready = await api.request('/readyz');
    expect(await ready.json()).toMatchObject({ details: [{ database: 'unavailable', engine: 'unavailable' }] });
    const post = { method: 'POST', headers: { ...headers, 'idempotency-key': 'k' }, body: JSON.stringify(order) };
    for (const answer of [await list(), await api.request('/api/v1/orders', post)]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(await answer.json()).toMatchObject({ code: 'UNAVAILABLE' });
    }

    await server.start();
    await expect.poll(async () => (await api.request('/readyz')).status).toBe(200);
    expect(await (await list()).json()).toEqual({ data: [], next_cursor: null });
    await database.close();
  });
});
