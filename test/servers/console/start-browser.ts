import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { Role } from '../../../src/domain/caller.ts';
import { token } from '../../http/api-rig.ts';
import { launchBrowser } from '../setup/launch-browser.ts';
import { startConsole } from './start-console.ts';

/** The console with a browser to look at it. */
export type ConsoleSystem = Awaited<ReturnType<typeof startBrowser>>;

/** Starts it. */
export async function startBrowser() {
  const [system, browser] = await Promise.all([startConsole(), launchBrowser()]);
  /** A browser of its own with nobody signed in; what goes wrong in its pages fails the test that looks at `faults`. */
  const openPage = async () => {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' });
    // A page that stays open goes on asking.
    onTestFinished(() => context.close());
    const page = await context.newPage();
    return Object.assign(page, { faults: listFaults(page, system.url) });
  };
  return {
    ...system,
    openPage,
    /** The same, with somebody signed in at the provider, who wanted to go to `path`. */
    openAs: async (who: string, path = '/console') => {
      const page = await openPage();
      await signIn(page, who, system.url, path);
      return page;
    },
    /** The same by a token, which is quicker. */
    openWith: async (role: Role, path = '/console', who = `some-${role}`) => {
      const page = await openPage();
      const address = `${system.url}/console/sign-in/token?token=${await token(who, [role])}`;
      // The browser keeps the cookie, and draws no page on its way.
      await page.request.get(address, { maxRedirects: 0 });
      await page.goto(system.url + path);
      return page;
    },
    stop: async () => {
      await browser.close();
      await system.stop();
    },
  };
}

function listFaults(page: Page, url: string): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // The provider's pages have faults of their own.
    if (message.type() === 'error' && message.location().url.startsWith(url)) faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return faults;
}

async function signIn(page: Page, who: string, url: string, path: string) {
  await page.goto(url + path);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByPlaceholder('Enter any login').fill(who);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${url}/console**`);
}

/** Where an order's page is. */
export const orderPath = ({ id }: { readonly id: string }) => `/console/orders/${id}`;
