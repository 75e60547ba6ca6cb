import { Hono } from 'hono';
import { ping } from '../../../repositories/ping.ts';
import type { ApiDependencies } from '../../api.ts';
import { ProblemError } from '../../problems/problem.ts';
import { answersInTime } from '../../../access/answers-in-time.ts';
import { remember } from '../../../access/remember.ts';
import type { ApiEnv } from '../../env.ts';

/** Anybody may ask, without a token: an answer is remembered for this long, so that asking often costs the database nothing. */
const MAX_AGE_MS = 1_000;

/**
 * `/healthz`: the process lives. `/readyz`: orders can be accepted, which needs the database but not Temporal, and a process that was not
 * told to stop.
 */
export function healthRoutes({ database, isTemporalReady, isStopping, replica }: ApiDependencies): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const probe = remember(MAX_AGE_MS, () =>
    Promise.all([
      answersInTime(() => ping(database.db)),
      answersInTime(async () => {
        if (!(await isTemporalReady())) throw new Error('Temporal is not ready');
      }),
    ]),
  );
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    if (isStopping()) throw new ProblemError('UNAVAILABLE', 'This process is stopping; another one takes requests.');
    const [databaseUp, temporalUp] = await probe();
    const states = {
      database: stateOf(databaseUp),
      engine: stateOf(temporalUp),
      ...(replica && { replica: replica.state() }),
    };
    if (databaseUp) return c.json({ status: temporalUp ? 'ok' : 'degraded', ...states });
    throw new ProblemError('UNAVAILABLE', "Orders can't be accepted right now.", {
      headers: { 'Retry-After': '2' },
      details: [states],
    });
  });
  return app;
}

function stateOf(up: boolean): 'ok' | 'unavailable' {
  return up ? 'ok' : 'unavailable';
}
