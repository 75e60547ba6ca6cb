import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { RequestError } from '../../access/request-error.ts';
import { OrdersProblemError } from '../../client/client.ts';
import { FormError, FormFields } from '../actions/form-fields.ts';
import type { OrderAction } from '../actions/order-action.ts';
import { orderActions } from '../actions/order-actions.ts';
import { callApi, innerUrl } from '../call-api.ts';
import type { ConsoleDependencies, ConsoleEnv } from '../console-env.ts';
import { confirmPage } from '../pages/confirm-page.ts';
import { orderPage } from '../pages/order-page.ts';
import { tell } from '../require-session.ts';
import { readDetails, type OrderDetails } from './read-details.ts';

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
    return await callApi(api, { caller, isPartOfRead: true }, request);
  });
  app.post('/orders/:id/actions/:action', async (c) => {
    const action = orderActions.find(({ name }) => name === c.req.param('action'));
    if (!action) throw new RequestError('NOT_FOUND', 'There is no such action.');
    return await act(c, action, await detailsOf(c));
  });
}

async function detailsOf(c: Context<ConsoleEnv>): Promise<OrderDetails> {
  const { client, parts } = c.get('view');
  return await readDetails(client, parts, c.req.param('id') ?? '');
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
    tell(c, { text, isRefused: true });
    return c.redirect(`${back}#action-${action.name}`, 303);
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
    const confirm = {
      ...prepared,
      title: action.title,
      path,
      fields: [...fields.without(...OWN_FIELDS), ...own],
      hasMoved,
    };
    return await c.html(confirmPage(view, details, confirm));
  } catch (error) {
    if (error instanceof FormError) return refuse(error.message);
    if (error instanceof OrdersProblemError) return refuse(refusalOf(error));
    throw error;
  }
}

/** What the API says, with what it says of single fields. */
function refusalOf({ problem }: OrdersProblemError): string {
  const faults = problem.details.flatMap((detail) => {
    const message: unknown = detail['message'];
    return typeof message === 'string' ? [message] : [];
  });
  return [problem.detail, ...faults].join(' ');
}
