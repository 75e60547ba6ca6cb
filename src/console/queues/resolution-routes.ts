import type { Hono } from 'hono';
import { resolutionStatuses, resolvedStates } from '../../domain/saga-resolution.ts';
import type { ConsoleEnv } from '../console-env.ts';
import { resolutionsPage } from '../pages/resolutions-page.ts';
import { resolutionPage } from '../pages/resolve-page.ts';
import { showPage } from '../show-page.ts';

/** As many as fit a screen. */
const PAGE_SIZE = 50;

/** Orders of one decision that are shown at once. */
const ORDERS_SHOWN = 200;

/** What was decided on many parked steps at once, and what came of each decision. */
export function addResolutionRoutes(app: Hono<ConsoleEnv>): void {
  app.get('/resolutions', async (c) => {
    const view = c.get('view');
    const { status: asked, actor: typed = '', cursor } = c.req.query();
    const status = resolutionStatuses.find((one) => one === asked);
    const actor = typed.trim();
    const filters = { ...(status && { status }), ...(actor !== '' && { actor }) };
    const page = await view.client.listSagaResolutions({
      ...filters,
      limit: PAGE_SIZE,
      ...(cursor !== undefined && { cursor }),
    });
    const next = addressOf('/console/resolutions', filters, page.next_cursor);
    return await showPage(c, resolutionsPage(view, page.data, { status, actor, next }));
  });
  app.get('/resolutions/:id', async (c) => {
    const view = c.get('view');
    const id = c.req.param('id');
    const { state: asked, cursor } = c.req.query();
    const state = resolvedStates.find((one) => one === asked);
    const filters = { ...(state && { state }) };
    const page = { ...filters, ...(cursor !== undefined && { cursor }) };
    const report = await view.client.getSagaResolution({ id, limit: ORDERS_SHOWN, ...page });
    const next = addressOf(`/console/resolutions/${id}`, filters, report.next_cursor);
    return await showPage(c, resolutionPage(view, report, next));
  });
}

/** The address of the next page of a list, if there is one. */
function addressOf(path: string, filters: Readonly<Record<string, string>>, cursor: string | null): string | undefined {
  return cursor === null ? undefined : `${path}?${new URLSearchParams({ ...filters, cursor }).toString()}`;
}
