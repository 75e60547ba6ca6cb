import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../setup/launch-browser.ts';
import { compareWithRecord } from './compare-pictures.ts';
import { ids } from './shown/shown-parts.ts';
import { startShown } from './shown/start-shown.ts';

/** A desk and a telephone. */
const sizes = { wide: { width: 1_280, height: 900 }, narrow: { width: 390, height: 844 } } as const;

/** What another version of Chromium may draw otherwise: the controls of forms. A line that breaks elsewhere moves all below it, and is far more. */
const MOST_DIFFERENT = 0.03;

/** Each page, and what is done on it before it is looked at. */
const pages: Readonly<Record<string, readonly [path: string, before?: (page: Page) => Promise<void>]>> = {
  'sign-in': ['/console/sign-in'],
  'signed-out': ['/console/signed-out'],
  unavailable: ['/console/broken'],
  'no-such-page': ['/console/none'],
  start: ['/console'],
  orders: ['/console/orders'],
  'orders-none': ['/console/orders?q=nothing'],
  order: [`/console/orders/${ids.shipped}`],
  'order-parked': [`/console/orders/${ids.parked}`, async (page) => page.getByText('Decide', { exact: true }).click()],
  'order-declined': [`/console/orders/${ids.declined}`],
  'order-disputed': [`/console/orders/${ids.disputed}`],
  'order-printed': [`/console/orders/${ids.shipped}`, async (page) => page.emulateMedia({ media: 'print' })],
  'order-offline': [`/console/orders/${ids.parked}`, async (page) => show(page, '#connection')],
  'order-left': [`/console/orders/${ids.parked}`, async (page) => show(page, '#signed-out')],
  'action-refused': [`/console/orders/${ids.shipped}`, async (page) => fillRefund(page, '2000')],
  'action-preview': [`/console/orders/${ids.shipped}`, async (page) => fillRefund(page, '4.90')],
  'queue-parked': ['/console/queues/needs_attention'],
  'queue-payments': ['/console/queues/payment_failed'],
  'queue-retrying': ['/console/queues/retrying'],
  'queue-empty': ['/console/queues/review'],
  'queue-messages': ['/console/queues/message_failed'],
  'queue-dead-letters': ['/console/queues/dead_letter'],
  'queue-unapplied': ['/console/queues/unapplied_event', async (page) => page.getByText('Content').last().click()],
  'many-preview': ['/console/queues/needs_attention', decideAll],
  'many-report': ['/console/resolutions/res-1'],
  'many-decisions': ['/console/resolutions'],
  imports: ['/console/imports'],
  import: ['/console/imports/imp-1'],
  upload: ['/console/imports/new'],
  'upload-checked': ['/console/imports/new', checkFile],
  operations: ['/console/operations'],
  audit: ['/console/audit'],
  reconciliation: ['/console/reconciliations/rep-1'],
};

let shown: Awaited<ReturnType<typeof startShown>>;
let browser: Browser;
let opened: Readonly<Record<keyof typeof sizes, Page>>;
let font: string;
beforeAll(async () => {
  shown = await startShown(['admin', 'operator', 'support']);
  browser = await launchBrowser(['--font-render-hinting=none', '--disable-lcd-text']);
  opened = { wide: await open(sizes.wide), narrow: await open(sizes.narrow) };
  const file = new URL(import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'));
  font = (await readFile(file)).toString('base64');
});
afterAll(async () => {
  await browser?.close();
  await shown?.stop();
});

describe.each(Object.keys(sizes) as (keyof typeof sizes)[])('at the size of a %s screen', (size) => {
  test.each(Object.entries(pages))(
    'the page %s looks as it did, and nothing of it is cut off',
    async (name, [path, before]) => {
      const page = await look(size, path);
      await useOwnFont(page);
      await before?.(page);
      await useOwnFont(page);
      expect(await page.evaluate<string[]>(CUT_OFF)).toEqual([]);
      const differing = await compareWithRecord(`${name}-${size}`, await page.screenshot({ fullPage: true }));
      expect(differing).toBeLessThan(MOST_DIFFERENT);
    },
  );
});

test.each(Object.entries(pages))(
  'the page %s can be used by everybody, in light and in dark',
  async (_, [path, before]) => {
    const page = await look('wide', path);
    await before?.(page);
    // What is folded up is used as well.
    await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
    // Without frames of other sites, no page of axe's own is needed.
    const axe = () => new AxeBuilder({ page }).setLegacyMode(true);
    const inLight = await axe().analyze();
    await page.emulateMedia({ colorScheme: 'dark' });
    // Only colours are other ones.
    const inDark = await axe().withRules('color-contrast').analyze();
    const violations = [...inLight.violations, ...inDark.violations];
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  },
);

async function open(viewport: { readonly width: number; readonly height: number }): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    // The page's policy allows no font but the machine's.
    bypassCSP: true,
  });
  const page = await context.newPage();
  // Moments of another year are written with their year.
  await page.clock.setFixedTime('2026-11-24T18:00:00Z');
  return page;
}

/** Shows a page of the console. One page of the browser shows them all, one after the other: a new one for each is a new process. */
async function look(size: keyof typeof sizes, path: string): Promise<Page> {
  const page = opened[size];
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  const answer = await page.goto(shown.url + path);
  // A picture of what is not there would look as it did, too.
  expect(answer?.ok()).toBe(!['/console/broken', '/console/none'].includes(path));
  return page;
}

/** Writes the page in a font that is the same everywhere: with the machine's own, lines break where they please. */
async function useOwnFont(page: Page): Promise<void> {
  const face = `@font-face { font-family: Shown; font-weight: 100 900; src: url(data:font/woff2;base64,${font}) }`;
  await page.addStyleTag({ content: `${face} * { font-family: Shown !important; caret-color: transparent }` });
  await page.evaluate('document.fonts.load("1rem Shown").then(() => document.fonts.ready).then(() => {})');
}

/** In the browser: what is wider than the room that it has. A region that scrolls by itself is not cut off, but on a telephone nobody finds what is outside. */
const CUT_OFF = `[document.documentElement, ...document.querySelectorAll(innerWidth < 640 ? '.scroll, .card' : '.card')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.className) + ': ' + one.scrollWidth + ' in ' + one.clientWidth)`;

/** What is shown once something has happened to the connection or the session. */
async function show(page: Page, notice: string): Promise<void> {
  await page.locator(notice).evaluate((one) => one.removeAttribute('hidden'));
}

async function fillRefund(page: Page, amount: string): Promise<void> {
  const box = page.locator('#action-refund');
  await box.locator('summary').click();
  await box.getByLabel('Amount').fill(amount);
  await box.getByLabel('Reason').fill('the parcel was late');
  await box.getByRole('button', { name: 'Preview' }).click();
  await page.locator('.effects, #action-refund .notice').waitFor();
}

async function checkFile(page: Page): Promise<void> {
  const file = { name: 'shop.csv', mimeType: 'text/csv', buffer: Buffer.from('Name,Lineitem sku\n') };
  await page.getByLabel('File', { exact: true }).setInputFiles(file);
  await page.getByLabel('Orders of another system').check();
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.locator('[data-import]').waitFor();
}

async function decideAll(page: Page): Promise<void> {
  await page.getByLabel('All that are parked').check();
  await page.getByLabel('Reason').fill('the payment service is back');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.locator('.effects').waitFor();
}
