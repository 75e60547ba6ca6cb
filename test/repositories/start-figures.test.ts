import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { exchangeStartFigures, tellAwaitedStart, type StartFigures } from '../../src/repositories/start-figures.ts';
import { openOrders } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

const figures = (more: Partial<StartFigures>): StartFigures => ({
  window: undefined,
  latencyMs: undefined,
  idleLatencyMs: undefined,
  perSecond: 0,
  periodMs: 4_000,
  ...more,
});

test('processes see the mean of their windows, the medians of their latencies, the sum of their rates and the longest period', async () => {
  const { db } = orders;
  const first = await exchangeStartFigures(db, 'a', figures({}));
  expect(first).toMatchObject({ processes: 1, place: 0, periodMs: 4_000 });
  expect(first.window).toBeUndefined();
  expect(first.latencyMs).toBeUndefined();

  await exchangeStartFigures(db, 'b', figures({ window: 2, latencyMs: 50, idleLatencyMs: 40, perSecond: 10 }));
  const third = await exchangeStartFigures(
    db,
    'c',
    figures({ window: 4, latencyMs: 70, perSecond: 20, periodMs: 8_000 }),
  );
  expect(third).toMatchObject({
    processes: 3,
    place: 2 / 3,
    window: 3,
    latencyMs: 50,
    idleLatencyMs: 40,
    perSecond: 30,
    periodMs: 8_000,
  });
  expect(Math.abs(third.clockMs - Date.now())).toBeLessThan(10_000);

  const again = await exchangeStartFigures(db, 'b', figures({ window: 8, latencyMs: 90 }));
  expect(again).toMatchObject({ processes: 3, place: 1 / 3, window: 6, latencyMs: 70 });
  expect(again.idleLatencyMs).toBeUndefined();
});

test('a process that has written nothing for a while no longer counts, and its row goes', async () => {
  const { db } = orders;
  await exchangeStartFigures(db, 'gone', figures({ window: 100 }));
  await exchangeStartFigures(db, 'silent', figures({ window: 100 }));
  await sql`update start_figures set seen_at = now() - interval '2 minutes' where process = 'gone'`.execute(db);
  await sql`update start_figures set seen_at = now() - interval '5 seconds' where process <> 'gone'`.execute(db);
  expect(await exchangeStartFigures(db, 'here', figures({ window: 3 }))).toMatchObject({ processes: 1, window: 3 });
  const { rows } = await sql<{ process: string }>`select process from start_figures`.execute(db);
  const left = rows.map(({ process }) => process);
  expect(left).toContain('silent');
  expect(left).not.toContain('gone');
});

test('a process that is started again begins with the window of those who wrote in the last minute', async () => {
  const { db } = orders;
  await sql`delete from start_figures`.execute(db);
  await exchangeStartFigures(db, 'killed', figures({ window: 12 }));
  await exchangeStartFigures(db, 'killed too', figures({ window: 8 }));
  await sql`update start_figures set seen_at = now() - interval '20 seconds'`.execute(db);
  expect(await exchangeStartFigures(db, 'restarted', figures({}))).toMatchObject({ processes: 1, window: 10 });
});

test('all processes know for ten seconds that somebody waits for a saga of one of them, which counts among them only if it has figures', async () => {
  const { db } = orders;
  await sql`delete from start_figures`.execute(db);
  expect(await exchangeStartFigures(db, 'backlog', figures({ window: 4 }))).toMatchObject({ isAwaited: false });
  await tellAwaitedStart(db, 'api');
  const awaited = await exchangeStartFigures(db, 'backlog', figures({ window: 4 }));
  expect(awaited).toMatchObject({ isAwaited: true, processes: 1, window: 4, periodMs: 4_000 });

  await tellAwaitedStart(db, 'backlog');
  await sql`update start_figures set awaited_at = now() - interval '9 seconds'`.execute(db);
  expect(await exchangeStartFigures(db, 'backlog', figures({}))).toMatchObject({ isAwaited: true });
  await sql`update start_figures set awaited_at = now() - interval '11 seconds'`.execute(db);
  expect(await exchangeStartFigures(db, 'backlog', figures({}))).toMatchObject({ isAwaited: false });

  await sql`update start_figures set awaited_at = now() - interval '2 minutes' where process = 'api'`.execute(db);
  await exchangeStartFigures(db, 'backlog', figures({}));
  const { rows } = await sql<{ process: string }>`select process from start_figures`.execute(db);
  expect(rows).toEqual([{ process: 'backlog' }]);
});
