import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { RequestError } from '../../access/request-error.ts';
import { OrdersProblemError } from '../../client/client.ts';
import { FormError, readForm } from '../actions/form-fields.ts';
import type { OrderAction, PreparedAction } from '../actions/order-action.ts';
import { orderActions } from '../actions/order-actions.ts';
import { callApi, innerUrl } from '../call-api.ts';
import type { ConsoleDependencies, ConsoleEnv } from '../console-env.ts';
import { describeRefusal } from '../describe-refusal.ts';
import { confirmPage } from '../pages/confirm-page.ts';
import { orderPage } from '../pages/order-page.ts';
import { createReadsOnRecord } from '../reads-on-record.ts';
import { tell } from '../require-session.ts';
import { showPage } from '../show-page.ts';
import { html, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { wordsOf } from '../ui/words.ts';
import { may, type View } from '../view.ts';
import { changeEntry } from './timeline-changes.ts';
import type { OrderDetails } from './order-details.ts';

/** How long one event stream lasts. The browser then reconnects, which fails when the session has ended meanwhile. */
const STREAM_LIFE_MS = 5 * 60_000;

/** The page of an order, its events, and what can be done to it. */
export function addOrderRoutes(app: Hono<ConsoleEnv>, { api }: ConsoleDependencies): void {
  const reads = createReadsOnRecord();
  app.get('/orders/:id', async (c) => {
    const details = await detailsOf(c);
    reads.add(c.get('view').signedIn, details.order.id);
    return await showPage(c, orderPage(c.get('view'), details));
  });
  app.get('/orders/:id/events', async (c) => {
    const { signedIn } = c.get('view');
    const { caller } = signedIn;
    const url = innerUrl(`/api/v1/orders/${encodeURIComponent(c.req.param('id'))}/events`);
    const lastId = c.req.header('Last-Event-ID');
    const request = new Request(url, { headers: lastId === undefined ? {} : { 'Last-Event-ID': lastId } });
    const expiresAtMs = Math.min(caller.expiresAtMs, Date.now() + STREAM_LIFE_MS);
    const isPartOfRead = reads.has(signedIn, c.req.param('id'));
    return await callApi(api, { caller: { ...caller, expiresAtMs }, isPartOfRead }, request);
  });
  // Where somebody comes back to who was signed out at a preview.
  app.get('/orders/:id/actions/:action', (c) =>
    c.redirect(
      `/console/orders/${encodeURIComponent(c.req.param('id'))}#action-${encodeURIComponent(c.req.param('action'))}`,
    ),
  );
  app.post('/orders/:id/actions/:action', async (c) => {
    const action = orderActions.find(({ name }) => name === c.req.param('action'));
    if (!action) throw new RequestError('NOT_FOUND', 'There is no such action.');
    return await act(c, action, await detailsOf(c));
  });
}

async function detailsOf(c: Context<ConsoleEnv>): Promise<OrderDetails> {
  return await c.get('view').client.getOrderDetails({ id: c.req.param('id') ?? '' });
}

/** Fields that the page adds to those of the action. */
const OWN_FIELDS = ['key', 'version', 'confirmed'] as const;

/** Shows what the action will do; does it once that was confirmed of the order as it still stands. */
async function act(c: Context<ConsoleEnv>, action: OrderAction, details: OrderDetails): Promise<Response> {
  const view = c.get('view');
  const { order } = details;
  const fields = await readForm(c);
  const back = `/console/orders/${order.id}`;
  const refuse = (text: string) => {
    tell(c, { text, isRefused: true, about: action.name });
    return c.redirect(back, 303);
  };
  // What somebody may not do, the API refuses with who may.
  if (may(view, action.roles) && !action.isOffered(details))
    return refuse(
      `“${action.title}” can’t be done any more: the order has changed, and is ${wordsOf(order.status)} now.`,
    );
  try {
    const prepared = action.prepare(fields, details, view);
    const isConfirmed = fields.text('confirmed') === 'yes';
    const hasMoved = isConfirmed && fields.text('version') !== String(order.version);
    const came = isConfirmed && !hasMoved ? await perform(prepared, view, fields.text('key')) : undefined;
    if (came?.text !== undefined) {
      tell(c, { text: came.text, isRefused: false });
      return c.redirect(back, 303);
    }
    const own = [
      // What may have been done is asked for once more under its key.
      ['key', came ? fields.text('key') : randomUUID()],
      ['version', String(order.version)],
      ['confirmed', 'yes'],
    ] as const;
    const path = `${back}/actions/${action.name}`;
    const reason = fields.text('reason') === '' ? '' : fields.reason();
    const page = confirmPage(view, {
      ...prepared,
      effects: [...prepared.effects, ...(reason === '' ? [] : [`Reason: ${reason}`])],
      area: 'orders',
      about: html`<a href="${back}">${order.order_number}</a> · ${wordsOf(order.status)}`,
      title: action.title,
      path,
      fields: [...fields.without(...OWN_FIELDS), ...own],
      back,
      warning: hasMoved ? movedWarning(details) : came && doubtWarning(came.doubt),
    });
    return await showPage(c, page, came ? 503 : 200);
  } catch (error) {
    if (error instanceof FormError) return refuse(error.message);
    if (error instanceof OrdersProblemError) return refuse(describeRefusal(error));
    throw error;
  }
}

type Came = { readonly text: string } | { readonly text?: undefined; readonly doubt: string };

/** Carries the action out; resolves with its result, or with why its outcome is unknown. Throws the refusal. */
async function perform(prepared: PreparedAction, { client }: View, key: string): Promise<Came> {
  try {
    return { text: await prepared.perform(client, key) };
  } catch (error) {
    if (error instanceof OrdersProblemError && error.status >= 500) return { doubt: describeRefusal(error) };
    throw error;
  }
}

function doubtWarning(doubt: string): Html {
  return html`${doubt} It may have been done all the same. Press the button again in a moment: what was done is not done
  twice.`;
}

/** What has become of the order since a preview was made of it. */
function movedWarning({ order, history }: OrderDetails): Html {
  const latest = history.at(-1);
  const { title, actor } = latest ? changeEntry(latest) : { title: '', actor: undefined };
  return html`The order has changed since you saw
  it${latest ? html`: <b>${title}</b>${actor === undefined ? '' : ` by ${actor}`}, ${moment(latest.at)}` : ''}. It is
  ${wordsOf(order.status)} now, and this is what it would do as it stands.`;
}
