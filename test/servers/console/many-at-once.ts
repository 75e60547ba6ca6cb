import { uuidv7 } from 'uuidv7';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { confirmed } from '../../workflows/later-rig.ts';
import { told } from './act.ts';
import type { ConsoleSystem } from './start-browser.ts';

/** Deciding on many entries of a queue. */
export function describeManyAtOnce(system: () => ConsoleSystem): void {
  describe('from a queue', () => {
    test('some parked orders are retried and others left, and then all of the rest, with a report of each', async () => {
      const { rig, openWith, url } = system();
      await rig.product('TEAPOT', 1_000);
      await rig.fault({ service: 'payment', operation: 'charge', mode: 'down' });
      const ids = await Promise.all(Array.from({ length: PARKED }, () => rig.place()));
      for (const id of ids)
        await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
      await rig.noFaults();
      const page = await openWith('operator', '/console');
      await page.getByRole('link', { name: 'Needs attention' }).click();
      for (const id of ids.slice(0, 2)) await page.locator(`input[name="chosen:${id}"]`).check();
      await page.getByRole('textbox', { name: 'Reason' }).fill('the service is back');
      await page.getByRole('button', { name: 'Preview' }).click();
      expect(await page.locator('.effects').innerText()).toContain('Charge payment, 2 orders over €50.00');
      await page.getByRole('button', { name: 'Retry all 2' }).click();
      await page.getByText('2 decided, 0 to come').waitFor();
      for (const id of ids.slice(0, 2)) await rig.reaches(id, 'CONFIRMED');
      for (const id of ids.slice(2)) expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION');

      // The report is found again by links alone.
      const report = page.url();
      await page.goto(`${url}/console`);
      await page.getByRole('link', { name: 'Needs attention' }).click();
      await page.getByRole('link', { name: 'What was decided on many at once' }).click();
      const [first] = await page.locator('tbody tr').allInnerTexts();
      for (const text of ['2 chosen orders', '2 decided', 'the service is back']) expect(first).toContain(text);
      await page.getByRole('link', { name: 'Retry of 2 parked steps' }).first().click();
      expect(page.url()).toBe(report);

      await page.goto(`${url}/console/queues/needs_attention`);
      await page.getByLabel('Choose all').check();
      await page.getByRole('textbox', { name: 'Reason' }).fill('the service is back');
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('button', { name: /^Retry all/ }).click();
      await page.getByText(' 0 to come').waitFor();
      for (const id of ids) await rig.reaches(id, 'CONFIRMED');
      expect(page.faults).toEqual([]);
    });
  });
}

/** What could not be delivered or applied. */
export function describeLetters(system: () => ConsoleSystem): void {
  describe('of what could not be delivered', () => {
    test('nothing is decided while nothing is ticked', async () => {
      const { rig, openWith } = system();
      const { id } = await confirmed(rig);
      await failedMessage(system(), id, 'ORDER_SHIPPED');
      const page = await openWith('support', '/console/queues/message_failed');
      await page.getByRole('textbox', { name: 'Reason' }).fill('why not');
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByText('Choose some of the list first').waitFor();
      expect(await page.locator('.decide .notice').innerText()).toContain('Choose some of the list first');
      expect(await page.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('why not');
    });

    test('messages, dead letters and events that could not be applied are looked at, sent again and dropped', async () => {
      const { rig, openWith, url } = system();
      const { id } = await confirmed(rig);
      const key = await failedMessage(system(), id, 'ORDER_DELIVERED');
      const { rows } = await rig.database.pool.query<{ id: number }>(
        'select max(id) as id from outbox where subject_id = $1',
        [id],
      );
      const eventId = rows[0]!.id;
      await rig.database.pool.query(
        `insert into event_deliveries (sink, event_id, subject_id, position, type, state, attempts, last_error)
         values ('webhook:x', $1, $2, 1, 'order.confirmed', 'DEAD', 5, 'answered 500')`,
        [eventId, id],
      );
      await rig.database.pool.query(
        `insert into inbox (source, id, type, subject_id, payload, state, last_error)
         values ('webhook:payments', 'msg_1', 'payment.refunded', $1, '{"amount": "<b>1</b>"}', 'DEAD', 'no such refund')`,
        [id],
      );
      const page = await openWith('operator', '/console/queues/dead_letter');
      const { orderNumber } = await rig.order(id);
      expect(await page.getByRole('link', { name: orderNumber }).count()).toBe(1);
      await page.locator('.content summary').first().click();
      expect(await page.locator('pre').first().innerText()).toContain(id);
      const decide = async (path: string, choose: string, action: string, button: string) => {
        await page.goto(`${url}/console/queues/${path}`);
        await page.locator(`input[name^="chosen:${choose}"]`).check();
        await page.getByLabel(action).check();
        await page.getByRole('textbox', { name: 'Reason' }).fill('seen to');
        await page.getByRole('button', { name: 'Preview' }).click();
        await page.getByRole('button', { name: button }).click();
        return await told(page);
      };
      expect(await decide('dead_letter', `${eventId}/`, 'Retry', 'Retry 1 event')).toContain(
        '1 event is to be sent again',
      );
      expect(await decide('message_failed', key, 'Skip', 'Skip 1 message')).toContain('1 message is skipped');
      await page.goto(`${url}/console/queues/unapplied_event`);
      await page.locator('.content summary').first().click();
      expect(await page.locator('pre').first().innerText()).toContain('<b>1</b>');
      expect(await decide('unapplied_event', 'webhook%3Apayments', 'Skip', 'Skip 1 event')).toContain(
        '1 event is skipped',
      );
      const states = await rig.database.pool.query(
        `select (select state from event_deliveries where event_id = $1) as delivery, (select state from inbox where id = 'msg_1') as event,
           (select state from order_messages where key = $2) as message`,
        [eventId, key],
      );
      expect(states.rows).toEqual([{ delivery: 'PENDING', event: 'IGNORED', message: 'SKIPPED' }]);
      expect(page.faults).toEqual([]);
    });
  });
}

/** What is seen of imports. */
export function describeImports(system: () => ConsoleSystem): void {
  describe('of imports', () => {
    test('one is paused, resumed and cancelled, and says what of its file was taken for what and which rows failed', async () => {
      const { rig, api, openWith, url } = system();
      await rig.product('TEAPOT', 1_000);
      const attack = '<img src=x onerror=alert(1)>';
      const file = `order_reference,sku,quantity,price\n1,TEAPOT,1,12.50\n2,${attack},1,12.50\n`;
      const id = await api.upload(file, `?file_name=${encodeURIComponent(`${attack}.csv`)}`);
      const page = await openWith('operator', '/console/imports');
      await page.getByRole('link', { name: attack }).click();
      await page.waitForURL(`${url}/console/imports/${id}`);
      await expect.poll(() => page.locator('main').innerText()).toContain('1 confirmed, 1 failed');
      await page.reload();
      expect(await page.locator('#part-faults').innerText()).toContain('1 row of orders that failed');
      expect(await page.getByLabel('How the file was read').innerText()).toContain('order_reference');
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Errors file' }).click();
      expect((await download).suggestedFilename()).toBe(`import-${id}-errors.csv`);
      await page.goto(`${url}/console/queues/import_failed`);
      expect(await page.locator('main').innerText()).toContain(attack);
      await page.goto(`${url}/console/imports/${id}`);
      await give(page, 'Acknowledge');
      await page.locator('#part-progress', { hasText: 'acknowledged by' }).waitFor();
      await page.goto(`${url}/console/queues/import_failed`);
      expect(await page.locator('main').innerText()).not.toContain(attack);
      expect(page.faults).toEqual([]);

      // Nothing of it can be settled while the customer service is away.
      await rig.fault({ service: 'payment', operation: 'charge', mode: 'down' });
      const lines = Array.from({ length: 5 }, (_, n) => `${uuidv7()}-${n},TEAPOT,1,12.50`);
      const running = await api.upload(`order_reference,sku,quantity,price\n${lines.join('\n')}\n`);
      await page.goto(`${url}/console/imports/${running}`);
      for (const [command, status] of [
        ['Pause', 'Paused'],
        ['Resume', 'Running'],
        ['Cancel', 'Cancelled'],
      ] as const) {
        await give(page, command);
        await page.locator('#part-progress .badge', { hasText: status }).waitFor();
      }
      await rig.noFaults();
    });
  });
}

/** Importing a file from the console. */
export function describeUpload(system: () => ConsoleSystem): void {
  describe('of a file', () => {
    test('that an administrator chooses it is shown what is in it before anything of it is written, and it is imported once', async () => {
      const { rig, openWith, url } = system();
      await rig.product('TEAPOT', 1_000);
      const attack = '<img src=x onerror=alert(1)>';
      const reference = uuidv7();
      // More than any form of the console may hold.
      const more = [1, 2, 3, 4, 5, 6].map((n) => ({ head: `more${n}`, cell: 'x'.repeat(60_000) }));
      const lines = [
        ['order_reference', 'sku', 'quantity', 'price', attack, ...more.map(({ head }) => head)],
        [reference, 'TEAPOT', '1', '12.50', '', ...more.map(({ cell }) => cell)],
        [uuidv7(), attack, '1', '12.50', '', ...more.map(() => '')],
      ];
      const text = lines.map((cells) => `${cells.join(',')}\n`).join('');
      const page = await openWith('admin', '/console/imports');
      await page.getByRole('link', { name: 'Import a file' }).click();
      const file = { name: `${attack}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) };
      await page.getByLabel('File', { exact: true }).setInputFiles(file);
      const ask = async () => await page.getByRole('button', { name: 'Check the file' }).click();
      const found = page.locator('#part-check');

      await ask();
      await found.getByText('2 orders: 1 can be imported').waitFor();
      for (const said of ['1 has a fault', '€12.50', 'is not in the catalogue', `Taken for nothing: ${attack}`])
        expect(await found.innerText()).toContain(said);
      const placed = async () =>
        (await rig.database.pool.query('select from orders where reference = $1', [reference])).rowCount;
      expect(await placed()).toBe(0);

      // What was found is of no use once something else is said of the file.
      await page.getByText('What the file does not say').click();
      await page.getByLabel('Currency').fill('EURO');
      await page.getByLabel('Country').focus();
      expect(await found.getByRole('button', { name: 'check it again' }).isDisabled()).toBe(true);
      await ask();
      await found.getByText('must be an ISO 4217 currency code').waitFor();
      await page.getByLabel('Currency').fill('EUR');
      await ask();
      await found.getByRole('button', { name: 'Place 1 order' }).click();
      await page.waitForURL(/imports\/[0-9a-f-]{36}$/);
      expect(page.url()).toContain(url);
      await expect.poll(() => page.locator('main').innerText()).toContain('1 confirmed, 1 failed');
      expect(await page.locator('h1').innerText()).toBe(`${attack}.csv`);
      expect(await placed()).toBe(1);
      // The refusal is one of the browser's, too.
      expect(page.faults.filter((fault) => !fault.includes('400'))).toEqual([]);
    });

    test('is not sent without a session, and what was found stays until somebody has signed in again', async () => {
      const { openWith, rig } = system();
      await rig.product('TEAPOT', 1_000);
      const page = await openWith('admin', '/console/imports/new');
      const text = `order_reference,sku,quantity,price\n${uuidv7()},TEAPOT,1,12.50\n`;
      await page
        .getByLabel('File', { exact: true })
        .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.getByRole('button', { name: 'Check the file' }).click();
      const place = page.getByRole('button', { name: 'Place 1 order' });
      await place.waitFor();
      await page.context().clearCookies();
      await place.click();
      await page.locator('#signed-out').waitFor();
      await place.waitFor();
      expect(page.url()).toContain('/console/imports/new');
    });
  });
}

/** Gives an import a command, with its preview. */
async function give(page: Page, command: string): Promise<void> {
  await page.getByText(command, { exact: true }).click();
  await page.locator('details[open]').getByRole('textbox', { name: 'Reason' }).fill('it is late');
  await page.getByRole('button', { name: 'Preview' }).and(page.locator('details[open] button')).click();
  await page.getByRole('button', { name: `${command} it` }).click();
}

type Page = Awaited<ReturnType<ConsoleSystem['openPage']>>;

/** As many as somebody would not retry one by one. */
const PARKED = 12;

async function failedMessage({ rig }: ConsoleSystem, orderId: string, type: string): Promise<string> {
  const key = `${orderId}:notify:${type}`;
  await rig.database.pool.query(
    `insert into order_messages (key, order_id, type, state, attempts, last_error, recipient, content)
     values ($1, $2, $3, 'FAILED', 3, 'mailbox full', 'a***@example.com', '{"subject": "Your order"}')`,
    [key, orderId, type],
  );
  return key;
}
