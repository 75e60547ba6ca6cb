import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { confirmed } from '../../workflows/later-rig.ts';
import { orderPath, type ConsoleSystem } from './start-browser.ts';

/** What is done without a mouse. Nothing here clicks, and nothing sets the focus but keys. */
export function describeKeyboard(system: () => ConsoleSystem): void {
  describe('by the keyboard alone', () => {
    describeSearch(system);
    describeActions(system);
    describeReach(system);
  });
}

function describeSearch(system: () => ConsoleSystem): void {
  describe('in the search box', () => {
    test('an order is found, chosen among several, and opened', async () => {
      const { rig, openWith } = system();
      const name = `Zelda ${String(Date.now())}`;
      const orders = [await confirmed(rig, 1, { customerName: name }), await confirmed(rig, 1, { customerName: name })];
      const page = await openWith('support');
      await page.keyboard.press('/');
      expect(await focused(page)).toBe('q');
      await page.keyboard.type(name);
      await page.locator('#found a').nth(1).waitFor();
      const chosen = () => page.locator('#search').getAttribute('aria-activedescendant');
      expect(await chosen()).toBeNull();
      for (const [key, expected] of [
        ['ArrowDown', 'found-0'],
        ['ArrowDown', 'found-1'],
        ['ArrowDown', 'found-0'],
        ['ArrowUp', 'found-1'],
      ] as const) {
        await page.keyboard.press(key);
        expect(await chosen()).toBe(expected);
        expect(await page.locator('[aria-selected=true]').getAttribute('id')).toBe(expected);
      }
      const path = await page.locator('[aria-selected=true]').getAttribute('href');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${path ?? ''}`);
      expect(orders.map(orderPath)).toContain(path);
    });

    test('Escape closes what the search box offers, and Enter without a choice lists all of it', async () => {
      const { rig, openWith } = system();
      const name = `Yorick ${String(Date.now())}`;
      await confirmed(rig, 1, { customerName: name });
      const page = await openWith('support');
      await page.keyboard.press('/');
      await page.keyboard.type(name);
      await page.locator('#found a').first().waitFor();
      await page.keyboard.press('Escape');
      expect(await page.locator('#found').isVisible()).toBe(false);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/console/orders?q=*');
      expect(await page.locator('tbody tr').count()).toBe(1);
    });
  });
}

function describeActions(system: () => ConsoleSystem): void {
  describe('of what can be done to an order', () => {
    test('an action is opened, filled in, previewed and done, and what came of it has the focus', async () => {
      const { rig, openWith } = system();
      const order = await confirmed(rig);
      const page = await openWith('support', orderPath(order));
      await typeRefund(page, '5.00', 'late');
      await page.locator('.effects').waitFor();
      // The button that does it has the focus, and is described by what it will do.
      expect(await focusedText(page)).toBe('Refund €5.00');
      expect(await page.locator(':focus').getAttribute('aria-describedby')).toBe('effects');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${orderPath(order)}`);
      await page.locator('main > .notice.good').waitFor();
      expect(await focusedText(page)).toContain('The refund is accepted');
      expect(page.faults).toEqual([]);
    });

    test('what is refused has the focus beside its fields, which still hold what was typed', async () => {
      const { rig, openWith } = system();
      const order = await confirmed(rig);
      const page = await openWith('support', orderPath(order));
      await typeRefund(page, '25.01', 'too much');
      await page.locator('#action-refund .notice').waitFor();
      expect(await focusedText(page)).toBe('At most €25.00 can go back.');
      const box = page.locator('#action-refund');
      expect(await box.getByLabel('Amount').inputValue()).toBe('25.01');
      expect(await box.getByLabel('Reason').inputValue()).toBe('too much');
      expect(await box.getByRole('checkbox').isChecked()).toBe(true);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('amount');
    });
  });
}

function describeReach(system: () => ConsoleSystem): void {
  describe('with Tab', () => {
    test('everything that can be used on the pages is reached, one after another, and seen to have the focus', async () => {
      const { rig, openWith, url } = system();
      const order = await confirmed(rig);
      const page = await openWith('admin', orderPath(order));
      for (const path of [orderPath(order), '/console', '/console/audit', '/console/imports', '/console/operations']) {
        await page.goto(url + path);
        const usable = await page.evaluate<number>(`${USABLE}.length`);
        const reached = new Set<number>();
        for (let key = 0; key < usable + 20; key += 1) {
          await page.keyboard.press('Tab');
          const now = await page.evaluate<Focus | undefined>(FOCUS);
          // After the last one comes the browser itself.
          if (!now) break;
          expect([path, now.html, now.outline]).toEqual([path, now.html, 'solid 2px']);
          if (now.index >= 0) reached.add(now.index);
        }
        expect([path, reached.size]).toEqual([path, usable]);
      }
    });
  });
}

/** Opens the form of a refund, fills it in so that the customer is told, and asks for its preview. */
async function typeRefund(page: Page, amount: string, reason: string): Promise<void> {
  await tabTo(page, '#action-refund summary');
  await page.keyboard.press('Enter');
  await tabTo(page, '#action-refund [name=amount]');
  await page.keyboard.type(amount);
  await tabTo(page, '#action-refund [name=reason]');
  await page.keyboard.type(reason);
  await tabTo(page, '#action-refund [name=notify]');
  await page.keyboard.press('Space');
  await tabTo(page, '#action-refund button');
  await page.keyboard.press('Enter');
}

/** More than there are on a page. */
const MOST_TABS = 120;

/** Presses Tab until what is named has the focus; fails when it never has. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let key = 0; key < MOST_TABS; key += 1) {
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${selector}`);
}

/** In the browser: what can be used on the page, what has the focus, and how that is seen. */
const USABLE = `[...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter((one) => one.checkVisibility() && !one.matches('[role=option]'))`;
const FOCUS = `(() => {
  const one = document.activeElement;
  if (!one || one === document.body) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  return { index: ${USABLE}.indexOf(one), outline: outlineStyle + ' ' + outlineWidth, html: one.outerHTML };
})()`;

interface Focus {
  readonly index: number;
  readonly outline: string;
  readonly html: string;
}

async function focused(page: Page): Promise<string | null> {
  return await page.locator(':focus').getAttribute('name');
}

async function focusedText(page: Page): Promise<string> {
  return (await page.locator(':focus').innerText()).trim();
}
