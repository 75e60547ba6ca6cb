import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { orderActions } from '../../../src/console/actions/order-actions.ts';
import { eventually } from '../../setup/eventually.ts';
import { confirmed } from '../../workflows/later-rig.ts';
import { act, preview } from './act.ts';
import { orderPath, type ConsoleSystem } from './start-browser.ts';

/** What happens to a page while somebody looks at it, and what somebody may not do. */
export function describeSeveralPeople(system: () => ConsoleSystem): void {
  describe('of two people who act on one order at once', () => {
    test('the second is told what the first has done, and nothing is done twice', async () => {
      const { rig, openWith } = system();
      const order = await confirmed(rig);
      await rig.rests(order.id);
      const [first, second] = [
        await openWith('support', orderPath(order), 'first'),
        await openWith('support', orderPath(order), 'second'),
      ];
      await preview(second, 'cancel', { Reason: 'too late' });
      await act(first, 'status', { 'New status': 'Processing', Reason: 'picked' }, 'Set to Processing');
      await second.getByRole('button', { name: 'Cancel the order' }).click();
      const warning = await second.locator('.confirm .notice').innerText();
      expect(warning).toContain('Confirmed → Processing by first (support)');
      expect((await rig.order(order.id)).status).toBe('PROCESSING');
    });

    test('both of whom give all the money back at the same moment, it goes back once', async () => {
      const { rig, openWith } = system();
      const order = await confirmed(rig);
      const pages = [
        await openWith('support', orderPath(order), 'first'),
        await openWith('support', orderPath(order), 'second'),
      ];
      for (const page of pages) await preview(page, 'refund', { Amount: '25.00', Reason: 'late' });
      await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Refund €25.00' }).click()));
      await eventually(async () =>
        expect(await refundsOf(rig, order.id)).toEqual({ refunded: 2_500, made: 1, open: 0 }),
      );
    });

    test('or of one whose browser sends a confirmed preview twice, it is done once', async () => {
      const { rig, openWith } = system();
      const order = await confirmed(rig);
      const page = await openWith('support', orderPath(order));
      await preview(page, 'refund', { Amount: '1.00', Reason: 'late' });
      const hidden = await page
        .locator('.confirm input[type=hidden]')
        .evaluateAll((all) => all.map((one) => [one.getAttribute('name') ?? '', one.getAttribute('value') ?? '']));
      const fields = Object.fromEntries(hidden) as Record<string, string>;
      const path = `${orderPath(order)}/actions/refund`;
      await Promise.all([post(page, path, fields), post(page, path, fields)]);
      await eventually(async () => expect(await refundsOf(rig, order.id)).toEqual({ refunded: 100, made: 1, open: 0 }));
    });
  });

  describe('a page that is open', () => {
    test('shows what happens to its order, and keeps what somebody types', async () => {
      const { rig, openWith } = system();
      const order = await confirmed(rig);
      await rig.rests(order.id);
      const page = await openWith('support', orderPath(order));
      await page.locator('#action-note summary').click();
      await page.locator('#action-note').getByLabel('Note').fill('half a note');
      await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
      await expect.poll(() => page.locator('.order-head').innerText()).toContain('Processing');
      expect(await page.locator('#action-note').getByLabel('Note').inputValue()).toBe('half a note');
      expect(page.faults).toEqual([]);
    });

    test('of a session that has ended says so, keeps what was typed, and does nothing', async () => {
      const { rig, openWith } = system();
      const order = await confirmed(rig);
      await rig.rests(order.id);
      const page = await openWith('support', orderPath(order), 'leaver');
      await page.locator('#action-cancel summary').click();
      await page.locator('#action-cancel').getByLabel('Reason').fill('asked for');
      await rig.database.pool.query(`delete from console_sessions where subject = 'leaver'`);
      await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
      await page.locator('#signed-out').waitFor();
      expect(await page.locator('#action-cancel').getByLabel('Reason').inputValue()).toBe('asked for');
      await page.locator('#action-cancel').getByRole('button').click();
      expect(await page.locator('h1').innerText()).toBe('Signed out');
      expect(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe(
        `/console/sign-in?to=${encodeURIComponent(orderPath(order))}`,
      );
      expect((await rig.order(order.id)).status).toBe('PROCESSING');
    });

    test("can't be framed by another site", async () => {
      const { openWith, url } = system();
      const page = await openWith('support');
      const stranger = createServer((_, answer) => {
        answer.setHeader('content-type', 'text/html').end(`<iframe src="${url}/console"></iframe>`);
      }).listen(0);
      await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}`);
      // The page may have loaded a moment before its frame is known to be refused.
      await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/');
      stranger.close();
    });
  });
}

/** What each role is shown and may do. */
export function describeRoles(system: () => ConsoleSystem): void {
  describe('a role', () => {
    let id: string;
    beforeAll(async () => {
      id = await parked(system().rig);
    });

    test.each(['support', 'operator'] as const)('%s is shown what it may do, and nothing else', async (role) => {
      const page = await system().openWith(role, orderPath({ id }));
      const shown = await page.locator('.actions details').evaluateAll((all) => all.map((one) => one.id));
      const own = orderActions.filter((action) => (action.roles as readonly string[]).includes(role));
      expect(own.map(({ name }) => `action-${name}`)).toEqual(expect.arrayContaining(shown));
      expect(shown.includes('action-resolve')).toBe(role === 'operator');
    });

    test('support decides no parked step, also by a form that was made by hand', async () => {
      const { rig, openWith } = system();
      const page = await openWith('support', orderPath({ id }));
      const version = (await page.locator('article').getAttribute('data-version')) ?? '';
      const fields = { step: 'chargePayment', action: 'skip', reason: 'x', confirmed: 'yes', key: 'by-hand', version };
      const text = await post(page, `${orderPath({ id })}/actions/resolve`, fields);
      expect(text).toContain('This takes one of the roles operator, admin');
      expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION');
    });

    test('support reads no page of operators, and decides nothing there', async () => {
      const { openWith, url } = system();
      const page = await openWith('support');
      const pages = ['operations', 'audit', 'imports', 'queues/dead_letter', 'queues/unapplied_event', 'audit.csv'];
      for (const path of pages) {
        const answer = await page.request.get(`${url}/console/${path}`);
        expect([path, answer.status()]).toEqual([path, 403]);
      }
      const fields = { which: 'all', action: 'skip', reason: 'x' };
      const text = await post(page, '/console/queues/needs_attention/decide', fields);
      expect(text).toContain('This takes one of the roles operator, admin');
    });
  });
}

/** What has gone back without goods, in how many refunds, and how many are under way. */
async function refundsOf(rig: ConsoleSystem['rig'], id: string) {
  const { rows } = await rig.database.pool.query<{ refunded: number; made: number; open: number }>(
    `select refunded_minor::integer as refunded,
       (select count(*)::integer from order_refunds r where r.order_id = o.id and r.state = 'REFUNDED') as made,
       (select count(*)::integer from order_refunds r where r.order_id = o.id and r.state = 'OPEN') as open
     from orders o where o.id = $1`,
    [id],
  );
  return rows[0];
}

/** An order whose payment waits for an operator. */
async function parked(rig: ConsoleSystem['rig']): Promise<string> {
  await rig.product('TEAPOT', 100);
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'down' });
  const id = await rig.place();
  await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
  await rig.noFaults();
  return id;
}

type Page = Awaited<ReturnType<ConsoleSystem['openPage']>>;

/** Sends a form from the page, and reads the page that comes of it. */
async function post(page: Page, path: string, fields: Readonly<Record<string, string>>): Promise<string> {
  return await page.evaluate(
    async ({ to, given }) => (await fetch(to, { method: 'POST', body: new URLSearchParams(given) })).text(),
    { to: path, given: { ...fields } },
  );
}
