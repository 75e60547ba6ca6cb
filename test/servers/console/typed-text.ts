import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { token } from '../../http/api-rig.ts';
import { confirmed } from '../../workflows/later-rig.ts';
import { preview, told } from './act.ts';
import { orderPath, type ConsoleSystem } from './start-browser.ts';

/** What becomes of what somebody has typed. */
export function describeTypedText(system: () => ConsoleSystem): void {
  describe('what was typed into a form', () => {
    test.each([
      ['the link back', async (page: Page) => page.getByRole('link', { name: 'Back' }).click()],
      ['the browser’s way back', async (page: Page) => page.goBack()],
      ['loading the preview again', async (page: Page) => page.reload()],
    ])('is in it again on the way back from its preview by %s', async (_, goBack) => {
      const { page } = await typeRefund(system());
      await goBack(page);
      expect(await typedIn(page)).toEqual(['5.00', 'came late']);
      await page.locator('#action-refund').getByRole('button').click();
      await page.getByRole('button', { name: 'Refund €5.00' }).click();
      await page.locator('[data-done]').waitFor();
      expect(await told(page)).toContain('accepted');
      // It is done: the way back leads to the order, and not to another refund.
      await page.goBack();
      await page.locator('#action-refund').waitFor();
      expect(await page.locator('#action-refund').getByLabel('Amount').inputValue()).toBe('');
      expect(page.faults).toEqual([]);
    });

    test('is in it again after signing in, when the session had ended meanwhile', async () => {
      const { page, order } = await typeRefund(system());
      await page.getByRole('link', { name: 'Back' }).click();
      expect(await typedIn(page)).toEqual(['5.00', 'came late']);
      await system().rig.database.pool.query(`delete from console_sessions where subject = 'typist'`);
      await page.locator('#action-refund').getByRole('button').click();
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByLabel('Token').fill(await token('typist', ['support']));
      await page.getByRole('button', { name: 'Sign in with the token' }).click();
      await page.waitForURL(`**${orderPath(order)}`);
      expect(await typedIn(page)).toEqual(['5.00', 'came late']);
    });

    test('is not shown to somebody else who signs in there', async () => {
      const { page, order } = await typeRefund(system());
      await system().rig.database.pool.query(`delete from console_sessions where subject = 'typist'`);
      await page.getByRole('button', { name: 'Refund €5.00' }).click();
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByLabel('Token').fill(await token('another', ['support']));
      await page.getByRole('button', { name: 'Sign in with the token' }).click();
      await page.waitForURL(`**${orderPath(order)}`);
      expect(await page.locator('#action-refund').getByLabel('Amount').inputValue()).toBe('');
    });
  });
}

/** What an open page says and keeps while something else happens. */
export function describeOpenPages(system: () => ConsoleSystem): void {
  test('a form of an action that is not possible any more is answered with what the order is now', async () => {
    const { rig, openWith } = system();
    const order = await confirmed(rig);
    await rig.rests(order.id);
    const page = await openWith('support', orderPath(order));
    await page.locator('#action-status summary').click();
    await page.locator('#action-status').getByLabel('Reason').fill('picked');
    await rig.command(order.id, 'cancelOrder', { reason: 'changed my mind' });
    await rig.reaches(order.id, 'CANCELLED');
    await page.locator('#action-status').getByRole('button').click();
    expect(await told(page)).toBe(
      '“Change the status” can’t be done any more: the order has changed, and is Cancelled now.',
    );
  });

  test('a decision that somebody has chosen in a queue stays chosen while the list is looked at again', async () => {
    const { rig, openPage, url } = system();
    await rig.product('TEAPOT', 100);
    await rig.fault({ service: 'payment', operation: 'charge', mode: 'down' });
    const park = async () => {
      const id = await rig.place();
      await expect.poll(async () => (await rig.order(id)).sagaState, { timeout: 60_000 }).toBe('NEEDS_ATTENTION');
      return id;
    };
    await park();
    const page = await openPage();
    await page.clock.install();
    await page.goto(`${url}/console/sign-in/token?token=${await token('chooser', ['operator'])}`);
    await page.goto(`${url}/console/queues/needs_attention`);
    await page.getByLabel('What to do').selectOption('Skip');
    await page.locator('h1').click();
    await park();
    const looked = page.waitForResponse((answer) => answer.request().headers()['x-part'] === 'page');
    await page.clock.fastForward(10_000);
    await (await looked).finished();
    expect(await page.getByLabel('What to do').inputValue()).toBe('skip');
    await rig.noFaults();
  });

  test('a page that could not follow its order while nothing answered follows it again', async () => {
    const { rig, openPage, url } = system();
    const order = await confirmed(rig);
    await rig.rests(order.id);
    const page = await openPage();
    await page.clock.install();
    await page.goto(`${url}/console/sign-in/token?token=${await token('follower', ['support'])}`);
    await page.route('**/events', async (route) => route.fulfill({ status: 503 }));
    const refused = page.waitForResponse('**/events');
    await page.goto(url + orderPath(order));
    await refused;
    await page.unroute('**/events');
    const answered: number[] = [];
    page.on('response', (answer) => answer.url().endsWith('/events') && answered.push(answer.status()));
    await expect
      .poll(async () => {
        await page.clock.fastForward(10_000);
        return answered;
      })
      .toContain(200);
    await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
    await expect
      .poll(async () => {
        // What comes together is shown after a moment, by the page's own clock.
        await page.clock.fastForward(1_000);
        return await page.locator('.order-head').innerText();
      })
      .toContain('Processing');
  });
}

/** Asks for the preview of a refund. */
async function typeRefund({ rig, openWith }: ConsoleSystem) {
  const order = await confirmed(rig);
  await rig.rests(order.id);
  const page = await openWith('support', orderPath(order), 'typist');
  await preview(page, 'refund', { Amount: '5.00', Reason: 'came late' });
  return { page, order };
}

/** What is in the form of a refund once it is open. */
async function typedIn(page: Page): Promise<string[]> {
  const box = page.locator('#action-refund[open]');
  await box.waitFor();
  return [await box.getByLabel('Amount').inputValue(), await box.getByLabel('Reason').inputValue()];
}
