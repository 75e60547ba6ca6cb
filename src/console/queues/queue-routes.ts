import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { RequestError } from '../../access/request-error.ts';
import { OrdersProblemError, type Operations } from '../../client/client.ts';
import { resolutions } from '../../domain/messages.ts';
import { isSagaAction } from '../../domain/saga.ts';
import { orderQueues, workQueues, type OrderQueue, type WorkQueue } from '../../domain/work-queue.ts';
import { FormError, FormFields } from '../actions/form-fields.ts';
import { under } from '../actions/order-action.ts';
import type { ConsoleEnv } from '../console-env.ts';
import { deadLettersList, messagesList, queuedList, queuePage, waitingQueue } from '../pages/queue-page.ts';
import { resolutionPage, resolvePreviewPage } from '../pages/resolve-page.ts';
import { tell } from '../require-session.ts';
import type { Html } from '../ui/html.ts';
import { may, type View } from '../view.ts';

/** As many as are worked on at a sitting. */
const LISTED = 200;

/** Queues of work, and deciding many parked steps at once. */
export function addQueueRoutes(app: Hono<ConsoleEnv>): void {
  app.get('/queues/:queue', async (c) => {
    const view = c.get('view');
    const queue = workQueues.find((name) => name === c.req.param('queue').toUpperCase());
    if (!queue) throw new RequestError('NOT_FOUND', 'There is no such queue.');
    return await c.html(queuePage(view, queue, await listOf(view, queue)));
  });
  app.post('/resolve', resolveMany);
  app.get('/resolutions/:id', async (c) => {
    const view = c.get('view');
    return await c.html(
      resolutionPage(view, await view.client.getSagaResolution({ id: c.req.param('id'), limit: LISTED })),
    );
  });
}

async function listOf(view: View, queue: WorkQueue): Promise<Html> {
  const { client } = view;
  if (isOrderQueue(queue)) return queuedList(view, (await client.listQueue({ queue, limit: LISTED })).data);
  if (queue === 'MESSAGE_FAILED')
    return messagesList((await client.listNotifications({ state: 'FAILED', limit: LISTED })).data);
  if (queue === 'DEAD_LETTER') {
    if (!may(view, ['operator', 'admin'])) throw new RequestError('FORBIDDEN', 'Events are looked after by operators.');
    return deadLettersList((await client.listEvents({ state: 'DEAD', limit: LISTED })).data);
  }
  const filter = queue === 'STUCK' ? { stuck: true } : { cause: queue };
  return waitingQueue((await client.listWaitingOrders({ ...filter, limit: LISTED })).data);
}

function isOrderQueue(queue: WorkQueue): queue is OrderQueue {
  return (orderQueues as readonly WorkQueue[]).includes(queue);
}

type Resolution = Operations['resolveSagas']['request']['body'];

/** Shows what a decision would do to which orders; makes it once that was confirmed. */
async function resolveMany(c: Context<ConsoleEnv>): Promise<Response> {
  const view = c.get('view');
  const fields = new FormFields(Object.entries(await c.req.parseBody()));
  try {
    const body = readResolution(fields);
    if (fields.text('confirmed') === 'yes') {
      const begun = await view.client.resolveSagas({ body, ...under(fields.text('key')) });
      if ('id' in begun) return c.redirect(`/console/resolutions/${begun.id}`, 303);
    }
    const preview = await view.client.resolveSagas({ body: { ...body, dry_run: true } });
    if (!('dry_run' in preview)) throw new FormError('Nothing was previewed. Try again.');
    const again = [...fields.without('key', 'confirmed'), ['key', randomUUID()], ['confirmed', 'yes']] as const;
    return await c.html(resolvePreviewPage(view, preview, body, again));
  } catch (error) {
    if (!(error instanceof FormError) && !(error instanceof OrdersProblemError)) throw error;
    tell(c, { text: error instanceof FormError ? error.message : error.problem.detail, isRefused: true });
    return c.redirect('/console/queues/needs_attention', 303);
  }
}

function readResolution(fields: FormFields): Resolution {
  const action = fields.choice('action', 'What to do', resolutions);
  const reason = fields.required('reason', 'Reason');
  const [step, error] = [fields.text('step'), fields.text('error')];
  if (step !== '' && !isSagaAction(step)) throw new FormError('Choose “Step”.');
  return {
    filter: { ...(step !== '' && isSagaAction(step) && { step }), ...(error !== '' && { error }) },
    action,
    reason,
  };
}
