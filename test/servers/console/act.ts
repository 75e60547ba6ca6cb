import type { Page } from 'playwright-core';

/** Fills an action in, looks at what it will do, and does it; resolves with what it said that it would do. */
export async function act(
  page: Page,
  action: string,
  fields: Readonly<Record<string, string>>,
  button: string | RegExp,
): Promise<string> {
  const effects = await preview(page, action, fields);
  await page.getByRole('button', { name: button }).click();
  await page.locator('.confirm').waitFor({ state: 'detached' });
  return effects;
}

/** Fills an action in, and looks at what it will do. */
export async function preview(page: Page, action: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const box = page.locator(`#action-${action}`);
  await box.locator('summary').click();
  for (const [label, value] of Object.entries(fields)) {
    const field = box.getByLabel(label, { exact: false }).first();
    if ((await field.evaluate(({ tagName }) => tagName)) === 'SELECT') await field.selectOption({ label: value });
    else if ((await field.getAttribute('type')) === 'radio') await field.check();
    else await field.fill(value);
  }
  await box.getByRole('button', { name: 'Preview' }).click();
  return await page.locator('.effects').innerText();
}

/** What the page says of what was done last. */
export async function told(page: Page): Promise<string> {
  return await page.locator('main > .notice').innerText();
}
