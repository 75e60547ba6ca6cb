import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from '../http/api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

function upload(body: string, query: string) {
  return rig.request('POST', `/api/v1/imports${query}`, {
    as: 'service',
    sub: 'shop',
    body,
    headers: { 'content-type': 'text/csv' },
  });
}

async function staged(): Promise<number[]> {
  const { db } = rig.database;
  const tables = ['imports', 'import_rows', 'import_orders'] as const;
  return Promise.all(
    tables.map(async (table) => {
      const row = await db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return row.n;
    }),
  );
}

test('a dry run answers what a file holds and what is wrong with it, and leaves nothing behind', async () => {
  const rows = [
    'order,sku,qty,price,customer,Colour',
    'D-1,MUG,2,12.50,alice,red',
    'D-2,MUG,1.5,12.50,alice,',
    'D-1,PENNY,3,0.01,alice,',
    'D-3,MUG,1,,alice,',
    ',MUG,1,12.50,alice,',
    'D-4,MUG,x,12.50,alice,',
  ];
  const before = await staged();
  const { status, body } = await upload(
    `${rows.join('\n')}\n`,
    '?dry_run=true&currency=EUR&payment_method=tok_ok&country=GB',
  );
  expect(status).toBe(200);
  expect(body).toMatchObject({
    dry_run: true,
    recognised: 'orders',
    columns: { order_reference: ['order'], quantity: ['qty'], customer_id: ['customer'] },
    unused_columns: ['Colour'],
    rows: 6,
    orders: 5,
    refused: 4,
    known: 0,
    sums: [{ currency: 'EUR', orders: 1, unpriced: 0, goods: '25.03', total: '25.03' }],
  });
  expect(body.faults[0]).toMatchObject({ line: 3, column: 'qty', order_reference: 'D-2' });
  expect(body.faults.map(({ line }: { line: number }) => line)).toEqual(
    body.faults.map(({ line }: { line: number }) => line).toSorted((a: number, b: number) => a - b),
  );
  expect(await staged()).toEqual(before);
  expect((await upload('order,qty\nA,1\n', '?dry_run=true')).body.code).toBe('VALIDATION');
});

test("a dry run of another system's file says which system it is of, and what is wrong with it", async () => {
  const lines = [
    'Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku',
    '#1,a@example.com,paid,2024-01-02 10:00:00 +0100,fulfilled,EUR,10.00,2.00,0.00,12.00,2024-01-02 10:00:00 +0100,2,Mug,5.00,MUG',
    '#2,a@example.com,pending,,,EUR,5.00,0.00,0.00,6.00,2024-01-02 10:00:00 +0100,1,Mug,5.00,MUG',
  ];
  const { status, body } = await upload(`${lines.join('\n')}\n`, '?dry_run=true&country=DE');
  expect([status, body.recognised, body.orders, body.refused]).toEqual([200, 'shopify', 2, 2]);
  expect(body.problems).toContainEqual({
    message: expect.stringContaining('come to … EUR, but the file states a total of … EUR'),
    orders: 1,
  });
});

test("an errors file of another system's file has its own columns, is recognised again, and is without a fault once it is mended", async () => {
  const lines = [
    'Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Name,Shipping Street,Shipping City,Shipping Zip',
    '#1,a@example.com,pending,,EUR,12.00,0.00,0.00,13.00,2024-01-02 10:00:00 +0100,1,Mug,5.00,MUG,Ada,1 Road,Berlin,10115',
    '#1,,,,,,,,,2024-01-02 10:00:00 +0100,1,"=Jug; big",7.00,JUG,,,,',
  ];
  const query = '?country=DE&payment_method=tok_ok&customer_id=alice';
  const { body: job } = await upload(`${lines.join('\n')}\n`, query);
  await rig.database.db
    .updateTable('import_orders')
    .set({ state: 'FAILED', failure: JSON.stringify({ code: 'VALIDATION', message: 'wrong', details: [] }) })
    .where('import_id', '=', job.id)
    .execute();
  const { body: errors } = await rig.request('GET', `/api/v1/imports/${job.id}/errors`, { as: 'service', sub: 'shop' });
  expect(errors.split('\n')[0]).toBe(`${lines[0]},error_code,error_message,error_line,error_order_id`);
  const refused = await upload(errors, `${query}&dry_run=true`);
  expect(refused.body).toMatchObject({ recognised: 'shopify', orders: 1, refused: 1, rows: 2 });
  const mended = await upload(errors.replace(',13.00,', ',12.00,').replaceAll('JUG', 'MUG'), `${query}&dry_run=true`);
  expect(mended.body).toMatchObject({ recognised: 'shopify', orders: 1, refused: 0, faults: [] });
  expect(mended.body.sums).toMatchObject([{ currency: 'EUR', orders: 1, goods: '12.00', total: '12.00' }]);
});
