import type { Hono } from 'hono';
import type { Operations } from '../../client/client.ts';
import type { ConsoleEnv } from '../console-env.ts';
import { foundOptions, ordersPage } from '../pages/orders-page.ts';
import { showPage } from '../show-page.ts';
import { wordsOf } from '../ui/words.ts';

type Query = Operations['listOrders']['request'];

/** As many as fit a screen. */
const PAGE_SIZE = 50;

/** As many as can be taken in while typing. */
const OFFERED = 8;

/** Lists of orders, and what the search box offers. */
export function addListRoutes(app: Hono<ConsoleEnv>): void {
  app.get('/orders', async (c) => {
    const view = c.get('view');
    const query = c.req.query();
    const q = (query['q'] ?? '').trim();
    const filters = filtersOf(query, q);
    const page = await view.client.listOrders({
      ...filters,
      limit: PAGE_SIZE,
      ...(query['cursor'] !== undefined && { cursor: query['cursor'] }),
    });
    const [only] = page.data;
    // Whoever looks a whole number up wants that order.
    if (only && page.data.length === 1 && q !== '' && only.order_number.toLowerCase() === q.toLowerCase()) {
      return c.redirect(`/console/orders/${only.id}`);
    }
    const next = new URLSearchParams({ ...filters, ...(page.next_cursor !== null && { cursor: page.next_cursor }) });
    return await showPage(
      c,
      ordersPage(view, page, {
        title: describeFilters(filters),
        filters,
        next: page.next_cursor === null ? undefined : `/console/orders?${next.toString()}`,
      }),
    );
  });
  app.get('/search', async (c) => {
    const view = c.get('view');
    const q = (c.req.query('q') ?? '').trim();
    const data = q === '' ? [] : (await view.client.listOrders({ q, limit: OFFERED })).data;
    return await showPage(c, foundOptions(view, data));
  });
}

/** Filters that pages of the console link to; the API checks what they hold. */
const names = ['customer_id', 'email', 'status', 'payment_status', 'batch_id', 'saga_state'] as const;

type Filters = Readonly<Record<string, string>> & Pick<Query, 'status'>;

function filtersOf(query: Readonly<Record<string, string>>, q: string): Filters {
  const given = names.flatMap((name) => (query[name] ? [[name, query[name]] as const] : []));
  return Object.fromEntries([...given, ...(q === '' ? [] : [['q', q] as const])]);
}

function describeFilters(filters: Filters): string {
  const parts = Object.entries(filters).map(([name, value]) =>
    name === 'q'
      ? `Orders found for “${value}”`
      : `${wordsOf(name)} ${/^[A-Z_]+$/.test(value) ? wordsOf(value) : value}`,
  );
  return parts.length === 0 ? 'All orders' : parts.join(', ');
}
