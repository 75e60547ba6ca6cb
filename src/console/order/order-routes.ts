import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { RequestError } from '../../access/request-error.ts';
import { OrdersProblemError } from '../../client/client.ts';
import { FormError, FormFields } from '../actions/form-fields.ts';
import type { OrderAction } from '../actions/order-action.ts';
import { orderActions } from '../actions/order-actions.ts';
import { callApi, innerUrl } from '../call-api.ts';
import type { ConsoleDependencies, ConsoleEnv } from '../console-env.ts';
import { describeRefusal } from '../describe-refusal.ts';
import { confirmPage } from '../pages/confirm-page.ts';
import { orderPage } from '../pages/order-page.ts';
import { tell } from '../require-session.ts';
import { html, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { wordsOf } from '../ui/words.ts';
import { changeEntry } from './timeline-changes.ts';
import type { OrderDetails } from './order-details.ts';

/** How long one event stream lasts. The browser then reconnects, which fails when the session has ended meanwhile. */
const STREAM_LIFE_MS = 5 * 60_000;

/** The page of an order, its events, and what can be done to it. */
export function addOrderRoutes(app: Hono<ConsoleEnv>, { api }: ConsoleDependencies): void {
  app.get('/orders/:id', async (c) => {
    const details = await detailsOf(c);
    return await c.html(orderPage(c.get('view'), details));
  });
  app.get('/orders/:id/events', async (c) => {
    const { caller } = c.get('view').signedIn;
    const url = innerUrl(`/api/v1/orders/${encodeURIComponent(c.req.param('id'))}/events`);
    const lastId = c.req.header('Last-Event-ID');
    const request = new Request(url, { headers: lastId === undefined ? {} : { 'Last-Event-ID': lastId } });
    const expiresAtMs = Math.min(caller.expiresAtMs, Date.now() + STREAM_LIFE_MS);
    return await callApi(api, { caller: { ...caller, expiresAtMs }, isPartOfRead: true }, request);
  });
  // Where somebody comes back to who was signed out at a preview.
  app.get('/orders/:id/actions/:action', (c) =>
    c.redirect(`/console/orders/${encodeURIComponent(c.req.param('id'))}#action-${c.req.param('action')}`),
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
  const fields = new FormFields(Object.entries(await c.req.parseBody()));
  const back = `/console/orders/${order.id}`;
  const refuse = (text: string) => {
    tell(c, { text, isRefused: true, about: action.name });
    return c.redirect(back, 303);
  };
  try {
    const prepared = action.prepare(fields, details, view);
    const isConfirmed = fields.text('confirmed') === 'yes';
    const hasMoved = isConfirmed && fields.text('version') !== String(order.version);
    if (isConfirmed && !hasMoved) {
      tell(c, { text: await prepared.perform(view.client, fields.text('key')), isRefused: false });
      return c.redirect(back, 303);
    }
    const own = [
      ['key', randomUUID()],
      ['version', String(order.version)],
      ['confirmed', 'yes'],
    ] as const;
    const path = `${back}/actions/${action.name}`;
    const reason = fields.text('reason');
    const page = confirmPage(view, {
      ...prepared,
      effects: [...prepared.effects, ...(reason === '' ? [] : [`Reason: ${reason}`])],
      area: 'orders',
      about: html`<a href="${back}">${order.order_number}</a> · ${wordsOf(order.status)}`,
      title: action.title,
      path,
      fields: [...fields.without(...OWN_FIELDS), ...own],
      back,
      warning: hasMoved ? movedWarning(details) : undefined,
    });
    return await c.html(page);
  } catch (error) {
    if (error instanceof FormError) return refuse(error.message);
    if (error instanceof OrdersProblemError) return refuse(describeRefusal(error));
    throw error;
  }
}

/** What has become of the order since a preview was made of it. */
function movedWarning({ order, history }: OrderDetails): Html {
  const latest = history.at(-1);
  const { title, actor } = latest ? changeEntry(latest) : { title: '', actor: undefined };
  return html`The order has changed since you saw
  it${latest ? html`: <b>${title}</b>${actor === undefined ? '' : ` by ${actor}`}, ${moment(latest.at)}` : ''}. It is
  ${wordsOf(order.status)} now, and this is what it would do as it stands.`;
}
