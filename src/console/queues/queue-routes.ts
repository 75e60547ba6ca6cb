import type { Context, Hono } from 'hono';
import { RequestError } from '../../access/request-error.ts';
import { OrdersProblemError } from '../../client/client.ts';
import { isOrderQueue, workQueues, type WorkQueue } from '../../domain/work-queue.ts';
import { FormError, readForm } from '../actions/form-fields.ts';
import type { ConsoleEnv } from '../console-env.ts';
import { describeRefusal } from '../describe-refusal.ts';
import { DECIDE, lettersPage, queuedList, queuePage, waitingList, waitingPage } from '../pages/queue-page.ts';
import { tell } from '../require-session.ts';
import { showPage } from '../show-page.ts';
import type { Html } from '../ui/html.ts';
import { may, type View } from '../view.ts';
import { decideLetters } from './decide-letters.ts';
import { letterDesks } from './letter-desk.ts';
import { resolveParked } from './resolve-parked.ts';

/** As many as are worked on at a sitting. */
const LISTED = 200;

/** Queues of work, and deciding on many entries of one at once. */
export function addQueueRoutes(app: Hono<ConsoleEnv>): void {
  app.get('/queues/:queue', async (c) => {
    const queue = queueOf(c);
    if (queue === 'IMPORT_FAILED') return c.redirect('/console/imports?has_failed=true&acknowledged=false');
    const page = await pageOf(c.get('view'), queue, c.req.query('cursor'));
    return await showPage(c, page);
  });
  app.get('/queues/:queue/decide', (c) => c.redirect(`/console/queues/${encodeURIComponent(c.req.param('queue'))}`));
  app.post('/queues/:queue/decide', decide);
}

function queueOf(c: Context<ConsoleEnv>): WorkQueue {
  const queue = workQueues.find((name) => name === c.req.param('queue')?.toUpperCase());
  if (!queue) throw new RequestError('NOT_FOUND', 'There is no such queue.');
  return queue;
}

async function pageOf(view: View, queue: WorkQueue, cursor: string | undefined): Promise<Html> {
  const { client } = view;
  const desk = letterDesks[queue];
  if (desk) {
    if (!may(view, desk.roles)) throw new RequestError('FORBIDDEN', 'Events are looked after by operators.');
    const letters = await desk.read(client, LISTED);
    return lettersPage(view, queue, desk, { letters, isCut: letters.length === LISTED });
  }
  if (isOrderQueue(queue)) {
    const { data } = await client.listQueue({ queue, limit: LISTED });
    return queuePage(view, queue, queuedList(view, data), { isCut: data.length === LISTED });
  }
  const isParked = queue === 'NEEDS_ATTENTION' && may(view, ['operator', 'admin']);
  const page = await client.listWaitingOrders({
    ...waitFilter(queue),
    limit: LISTED,
    ...(cursor !== undefined && { cursor }),
  });
  const next =
    page.next_cursor === null
      ? undefined
      : `/console/queues/${queue.toLowerCase()}?${new URLSearchParams({ cursor: page.next_cursor }).toString()}`;
  return isParked
    ? waitingPage(view, queue, page.data, next)
    : queuePage(view, queue, waitingList(page.data), { next });
}

type WaitQueue = 'NEEDS_ATTENTION' | 'STUCK' | 'RETRYING' | 'NOT_STARTED';

function waitFilter(queue: WorkQueue) {
  return queue === 'STUCK' ? { stuck: true } : { cause: queue as Exclude<WaitQueue, 'STUCK'> };
}

async function decide(c: Context<ConsoleEnv>): Promise<Response> {
  const queue = queueOf(c);
  const path = `/console/queues/${queue.toLowerCase()}`;
  const fields = await readForm(c);
  const desk = letterDesks[queue];
  try {
    if (desk) return await decideLetters(c, desk, { queue, path, fields });
    if (queue === 'NEEDS_ATTENTION') return await resolveParked(c, path, fields);
  } catch (error) {
    if (!(error instanceof FormError) && !(error instanceof OrdersProblemError)) throw error;
    const text = error instanceof FormError ? error.message : describeRefusal(error);
    tell(c, { text, isRefused: true, about: DECIDE });
    return c.redirect(path, 303);
  }
  throw new RequestError('NOT_FOUND', 'Nothing is decided for many of these at once.');
}
