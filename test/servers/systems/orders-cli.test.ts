import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeTea, runOrders } from '../../e2e/orders-command.ts';
import { startTestSystem, type TestSystem } from '../../e2e/system.ts';
import { eventually } from '../../setup/eventually.ts';

let system: TestSystem;

beforeAll(async () => {
  // Short enough for a saga to be parked within a test, long enough for a step of a busy machine.
  system = await startTestSystem({ STEP_PATIENCE: '8s', ORDER_WAIT: '30s' });
});

afterAll(async () => {
  await system.destroy();
});

const orders = (args: readonly string[], options?: Parameters<typeof runOrders>[2]) => runOrders(system, args, options);

async function placed(method?: string): Promise<{ id: string; order_number: string; status: string }> {
  const { stdout } = await orders(['create', ...describeTea(method), '--wait', '--json']);
  return JSON.parse(stdout);
}

const csvLine = (reference: string, sku: string) => `${reference},${sku},2,demo,EUR,tok_ok,Ada,1 St,London,N1,GB`;

// A command takes as long as its process takes to start, and most wait for nothing else: they run side by side.
describe.concurrent('a person with the command orders', () => {
  test('places an order with options and reads it back as text and as JSON', async () => {
    const { code, stdout } = await orders(['create', ...describeTea(), '--item', 'MUG-001:1', '--wait']);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^ORD-\d+ {2}CONFIRMED {2}payment CAPTURED {2}33\.90 EUR\n/),
    ]);
    const number = stdout.split(' ')[0] ?? '';

    const text = await orders(['get', number]);
    expect(text).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/MUG-001 +1 +8\.90 +8\.90[^]*CONFIRMED +STATUS +system:saga/),
    });
    const json = await orders(['get', number, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      order_number: number,
      total: '33.90',
      history: [{}, { to: 'CONFIRMED' }],
    });
  });

  test('places the order of a file or standard input, and options override it', async () => {
    const order = {
      customer_id: 'demo',
      currency: 'EUR',
      items: [{ sku: 'TEA-001', quantity: 1 }],
      payment_method: 'tok_declined',
      shipping_address: { name: 'A', line1: 'B', city: 'C', postal_code: 'D', country: 'GB' },
    };
    const file = join(system.dataDir, 'order.json');
    await writeFile(file, JSON.stringify(order));
    const changed = await orders(['create', '--file', file, '--payment-method', 'tok_ok', '--wait', '--json']);
    expect(JSON.parse(changed.stdout)).toMatchObject({ status: 'CONFIRMED', total: '12.50' });
    const piped = await orders(['create', '--file', '-', '--wait'], { input: JSON.stringify(order) });
    expect(piped).toMatchObject({ code: 1, stderr: expect.stringContaining('ORD003') });
    expect(await orders(['create', '--file', '-'], { input: '[1' })).toMatchObject({ code: 1, stdout: '' });
  });

  test('learns why an order was refused, with each mistake, and exit code 1', async () => {
    const { code, stdout, stderr } = await orders(['create', '--item', 'TEA-001:2:1.00', '--currency', 'XXX']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^VALIDATION .*\n.*\n {2}· \/currency: must be an ISO 4217[^]*· \/shipping_address: is required\n[^]*$/,
    );
    const json = await orders(['create', ...describeTea('tok_ok', 'nobody'), '--json']);
    expect([json.code, JSON.parse(json.stderr).code]).toEqual([1, 'ORD001']);
  });

  test('pays with another method after a declined one', async () => {
    const { stderr } = await orders(['create', ...describeTea('tok_declined'), '--wait']);
    const [, id = ''] = /orders retry (\S+) --payment-method/.exec(stderr) ?? [];
    expect(await orders(['retry', id, '--payment-method', 'tok_insufficient_funds'])).toMatchObject({ code: 1 });
    expect(await orders(['retry', id, '--payment-method', 'tok_ok'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('CONFIRMED'),
    });
  });

  test('moves an order through its statuses, and sees the allowed next ones', async () => {
    const { order_number: number } = await placed();
    expect((await orders(['status', number])).stdout).toMatch(/may become +PROCESSING, SHIPPED, CANCELLED/);
    expect(await orders(['status', number, 'processing', '--reason', 'picked'])).toMatchObject({ code: 0 });
    const shipped = await orders([
      'status',
      number,
      'SHIPPED',
      '--reason',
      'sent',
      '--carrier',
      'DHL',
      '--tracking',
      'JD01',
      '--json',
    ]);
    expect(JSON.parse(shipped.stdout)).toMatchObject({
      status: 'SHIPPED',
      tracking: { carrier: 'DHL', number: 'JD01' },
    });
    expect(await orders(['cancel', number])).toMatchObject({ code: 1, stderr: expect.stringContaining('ORD006') });
    expect(await orders(['status', number, 'DELIVERED'])).toMatchObject({ code: 2 });
  });
});

describe.concurrent('a person who has placed orders with it', () => {
  test('returns goods by SKU, and not more than is left', async () => {
    const { order_number: number } = await placed();
    for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'])
      await orders(['status', number, status, '--reason', 'x']);
    const partly = await orders(['return', number, '--item', 'TEA-001:1', '--reason', 'broken', '--json']);
    expect(partly.code).toBe(0);
    await eventually(async () => {
      const { stdout } = await orders(['get', number, '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ refunded_amount: '12.50' });
    });
    expect(await orders(['return', number, '--item', 'TEA-001:2', '--reason', 'too many'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/items/0/quantity'),
    });
    expect(await orders(['return', number, '--item', 'NONE:1', '--reason', 'x'])).toMatchObject({ code: 2 });
  });

  test('returns with --all what is left, and is told when nothing is', async () => {
    const { order_number: number } = await placed();
    for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'])
      await orders(['status', number, status, '--reason', 'x']);
    expect(await orders(['return', number, '--item', 'TEA-001:1', '--reason', 'broken'])).toMatchObject({ code: 0 });
    await eventually(async () => {
      const { stdout } = await orders(['get', number, '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ items: [{ returned_quantity: 1 }], refunded_amount: '12.50' });
    });
    expect(await orders(['return', number, '--all', '--reason', 'the rest'])).toMatchObject({ code: 0, stderr: '' });
    expect(await orders(['watch', number, '--until', 'REFUNDED'])).toMatchObject({ code: 0 });
    const { stdout } = await orders(['get', number, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ returned_quantity: 2 }], refunded_amount: '25.00' });
    expect(await orders(['return', number, '--all', '--reason', 'again'])).toMatchObject({
      code: 1,
      stderr: `Nothing of ${number} is left to return.\n`,
    });
  });

  test('is told, with an exit code for each, that a watched status is over or will never come', async () => {
    const { order_number: shipped } = await placed();
    for (const status of ['PROCESSING', 'SHIPPED']) await orders(['status', shipped, status, '--reason', 'x']);
    for (const status of ['CONFIRMED', 'PENDING']) {
      expect(await orders(['watch', shipped, '--until', status])).toMatchObject({
        code: 3,
        stderr: `${shipped} is SHIPPED: it was ${status} before, and is not any more.\n`,
      });
    }
    expect(await orders(['watch', shipped, '--until', 'CANCELLED'])).toMatchObject({ code: 4 });
    const { order_number: cancelled } = await placed();
    const watching = orders(['watch', cancelled, '--until', 'DELIVERED']);
    await eventually(() => Promise.resolve(watching.said().includes('CONFIRMED')));
    await orders(['cancel', cancelled, '--reason', 'changed my mind']);
    expect(await watching).toMatchObject({
      code: 4,
      stderr: `${cancelled} is CANCELLED (changed my mind): it will never be DELIVERED.\n`,
    });
  });

  test('watches an order from its current state until it is final', async () => {
    const { id, order_number: number } = await placed();
    const watching = orders(['watch', number, '--json'], { env: { FORCE_COLOR: '1' } });
    await eventually(() => Promise.resolve(watching.said().includes('CONFIRMED')));
    expect(await orders(['cancel', id, '--reason', 'changed my mind'])).toMatchObject({ code: 0 });
    const { code, stdout } = await watching;
    const statuses = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).status);
    expect([code, statuses.at(-1)]).toEqual([0, 'CANCELLED']);
  });

  test('lists by filter, and every page with --all', async () => {
    await Promise.all(Array.from({ length: 4 }, () => placed()));
    const page = JSON.parse((await orders(['list', '--limit', '2', '--json'])).stdout);
    expect([page.data.length, typeof page.next_cursor]).toEqual([2, 'string']);
    const all = JSON.parse((await orders(['list', '--limit', '2', '--all', '--json'])).stdout);
    expect(new Set(all.data.map(({ id }: { id: string }) => id)).size).toBe(all.data.length);
    expect(all.data.length).toBeGreaterThan(4);
    const text = await orders(['list', '--status', 'CONFIRMED', '--all', '--limit', '1']);
    expect(text.stdout.match(/^ORDER/gm)).toHaveLength(1);
    expect(text.stdout.match(/ CONFIRMED /g)!.length).toBe(text.stdout.trim().split('\n').length - 1);
    expect(await orders(['list', '--status', 'NONSENSE'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('status: must be one of PENDING, CONFIRMED'),
    });
  });
});

describe.concurrent('a person who corrects an order with it', () => {
  test('changes where messages go and parts of an address, and the rest stays', async () => {
    const { id } = await placed();
    const edit = [
      '--email',
      'ada@example.com',
      '--notes',
      'ring twice',
      '--address-city',
      'Leeds',
      '--address-phone',
      '+44 113',
    ];
    const edited = await orders(['edit', id, ...edit, '--json']);
    expect(JSON.parse(edited.stdout)).toMatchObject({
      customer_email: 'ada@example.com',
      notes: 'ring twice',
      shipping_address: { name: 'Ada', line1: '12 St James Square', city: 'Leeds', country: 'GB', phone: '+44 113' },
      billing_address: null,
    });
    const removed = await orders(['edit', id, '--notes', '', '--address-phone', '', '--billing-name', 'Bob', '--json']);
    const order = JSON.parse(removed.stdout);
    expect(order).toMatchObject({
      customer_email: 'ada@example.com',
      notes: null,
      billing_address: { name: 'Bob', city: 'Leeds' },
    });
    expect(order.shipping_address).not.toHaveProperty('phone');
    expect(await orders(['edit', id])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Say what to change'),
    });
    expect(await orders(['edit', id, '--email', 'nobody'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/customer_email'),
    });
  });
});

describe('a person who looks after the system with it', () => {
  test('finds a saga that needs attention with doctor, and resumes it', async () => {
    expect(await orders(['doctor'])).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ orders  none') });
    await system.sandbox('POST', '/faults', { service: 'payment', operation: '*', mode: 'down' });
    const { stdout } = await orders(['create', ...describeTea(), '--no-wait', '--json']);
    const number: string = JSON.parse(stdout).order_number;
    await eventually(async () => (await orders(['list', '--needs-attention'])).stdout.includes(number));
    await system.sandbox('DELETE', '/faults');

    const { code, stdout: told } = await orders(['doctor']);
    expect([code, told]).toEqual([
      0,
      expect.stringContaining(`orders retry ${number} --step chargePayment --action retry`),
    ]);
    expect((await orders(['saga', number])).stdout).toMatch(/saga NEEDS_ATTENTION[^]*chargePayment +FAILED/);
    expect(await orders(['retry', number, '--step', 'nonsense', '--reason', 'x'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('step: must be one of'),
    });
    expect(await orders(['retry', number, '--step', 'chargePayment', '--reason', 'it is back'])).toMatchObject({
      code: 0,
    });
    expect(await orders(['watch', number, '--until', 'CONFIRMED'])).toMatchObject({ code: 0 });
  });

  test('imports a file and shows its progress, saves the failed rows with their errors, and exports the orders', async () => {
    const file = join(system.dataDir, 'orders.csv');
    const errors = join(system.dataDir, 'errors.csv');
    const header =
      'order_reference,sku,quantity,customer_id,currency,payment_method,name,line1,city,postal_code,country';
    await writeFile(
      file,
      [header, csvLine('a', 'TEA-001'), csvLine('b', 'NONE'), csvLine('c', 'MUG-001'), ''].join('\n'),
    );
    const imported = await orders(['import', '-', '--errors', errors, '--json'], {
      input: await readFile(file, 'utf8'),
    });
    expect(imported).toMatchObject({ code: 1, stderr: expect.stringContaining('1 order of the file failed') });
    const { id, ...counts } = JSON.parse(imported.stdout);
    expect(counts).toMatchObject({ status: 'COMPLETED', total: 3, confirmed: 2, failed: 1, pending: 0 });
    expect(await readFile(errors, 'utf8')).toMatch(/^order_reference,[^]*\nb,NONE,[^\n]*\n$/);
    expect(await orders(['import', '--follow', id])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/confirmed +2/),
    });
    expect(await orders(['import', '--pause', id])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ORD005'),
    });
    const exported = await orders(['export', '--batch', id]);
    expect([exported.code, exported.stdout.trim().split(/\r?\n/).length]).toEqual([0, 3]);
  });

  test('learns from doctor what is wrong with the token, the address and the clock', async () => {
    const token = await orders(['doctor'], { env: { ORDERS_TOKEN: 'a.b.c' } });
    expect(token).toMatchObject({ code: 1, stdout: expect.stringMatching(/✗ token[^]*✗ access {2}UNAUTHENTICATED/) });
    const address = await orders(['doctor', '--url', 'http://127.0.0.1:1', '--token', 'a.b.c', '--json']);
    expect(JSON.parse(address.stdout)).toMatchObject({ healthy: false });
    const late = createServer((_, response) => {
      const date = new Date(Date.now() - 3_600_000).toUTCString();
      response.writeHead(200, { date }).end('{"info":{"title":"Orders API"}}');
    });
    await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
    const { port } = late.address() as AddressInfo;
    const clock = await orders(['doctor', '--url', `http://127.0.0.1:${port}`, '--token', 'a.b.c']);
    late.close();
    expect(clock.stdout).toMatch(/✗ clock +the API's clock is 3\d\d\d s behind/);
  });

  test('is told by doctor that another service is at the address', async () => {
    for (const url of [system.running().sandboxUrl, system.running().webUiUrl ?? '']) {
      const { code, stdout, stderr } = await orders(['doctor', '--url', url, '--as', 'admin:ann', '--token', 'a.b.c']);
      expect([code, stderr]).toEqual([1, '2 checks failed.\n']);
      expect(stdout).toContain(`✗ API     ${url} is another service`);
      const { stdout: without } = await orders(['doctor', '--url', url]);
      expect(without).toMatch(/✗ token {3}there is none\n[^]*✗ API {5}\S+ is another service/);
    }
  });
});
