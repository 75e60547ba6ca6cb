import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeOrderData } from '../../dev/contracts/describe-order-data.ts';
import { orderViews } from '../../dev/contracts/order-data.ts';
import { currencies, currencyDecimals } from '../../src/domain/currency.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { openDatabase, type Database } from '../../src/repositories/database.ts';
import { orderIn, someOrder } from '../repositories/orders.ts';
import { databaseUrl } from '../setup/template-database.ts';
import { analystRole, contractFile, openAnalystDatabase } from './analyst-database.ts';

const key = 'a key that is longer than one block of SHA-256, so that it is hashed before it is used';

let orders: Awaited<ReturnType<typeof openAnalystDatabase>>;
let analyst: Database;

beforeAll(async () => {
  orders = await openAnalystDatabase(key);
  const name = new URL(orders.url).pathname.slice(1);
  analyst = openDatabase(databaseUrl(orders.url, name, analystRole), { max: 2, name: 'test', onError: () => {} });
});

afterAll(async () => {
  await analyst.close();
  await orders.close();
});

async function read(statement: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(analyst.db);
  return rows;
}

/** Every rule of the contract: those of its views and those of their columns. */
async function readRules(): Promise<Rule[]> {
  const { schema } = contractSchema.parse(parse(await readFile(contractFile, 'utf8')));
  return schema.flatMap((view) => [...view.quality, ...view.properties.flatMap(({ quality }) => quality)]);
}

const quality = z.array(z.object({ name: z.string(), query: z.string() }));
const contractSchema = z.object({
  schema: z.array(z.object({ quality, properties: z.array(z.object({ quality })) })),
});

type Rule = z.output<typeof quality>[number];

describe('the data contract', () => {
  test('says what the database has', async () => {
    await expect(await describeOrderData(orders.db, orderViews)).toMatchFileSnapshot(contractFile);
  });

  test('has rules that orders of every status keep, as an analyst may check them', async () => {
    const rules = await readRules();
    expect(rules.length).toBeGreaterThan(50);
    const broken: string[] = [];
    for (const { name, query } of rules) {
      const [row] = await read(query);
      if (row?.['count'] !== 0) broken.push(`${name}: ${JSON.stringify(row)}`);
    }
    expect(broken).toEqual([]);
  });

  test.each([
    ['legal_transitions', `update order_status_history set from_status = 'DELIVERED' where to_status = 'CONFIRMED'`],
    ['at_least_one_item', 'delete from order_items'],
    ['positive_total', 'update orders set subtotal_minor = 0, total_minor = 0'],
    ['no_more_refunded_than_captured', `update order_payment_transactions set kind = 'REFUND', status = 'REFUNDED'`],
    ['confirmed_at_is_known', 'update orders set confirmed_at = null'],
    [
      'orders_status_values',
      `alter table orders drop constraint orders_status_check; update orders set status = 'LOST'`,
    ],
  ])('finds rows that break %s', async (name, fault) => {
    const query = (await readRules()).find((rule) => rule.name === name)?.query ?? '';
    const undone = orders.db.transaction().execute(async (transaction) => {
      for (const statement of fault.split('; ')) await sql.raw(statement).execute(transaction);
      const { rows } = await sql.raw<{ count: number }>(query).execute(transaction);
      throw new Error(`found ${rows[0]?.count}`);
    });
    await expect(undone).rejects.toThrow(/^found [1-9]/);
  });
});

describe('an analyst', () => {
  test('sees of a customer only a hash with the key of the setting, and of an address country and region', async () => {
    const order = someOrder({
      customerId: 'Zoë Émile',
      customerName: 'Zoë',
      customerEmail: 'Zoe@Example.com',
      customerPhone: '+33 1 CANARY',
      locale: 'fr',
      source: 'web',
      notes: 'CANARY',
      shippingAddress: address,
    });
    await acceptOrder(orders.db, order, null);
    const [row = {}] = await read(`select * from analytics.orders where id = '${order.id}'`);
    expect(row).toMatchObject({ country: 'FR', region: 'Bretagne', total: '25.00', item_count: 1, unit_count: 2 });
    expect(row['customer_key']).toBe(createHmac('sha256', key).update('Zoë Émile').digest('hex'));
    expect(row['email_key']).toBe(createHmac('sha256', key).update('zoe@example.com').digest('hex'));
    expect(row).toMatchObject({ locale: 'fr', source: 'web' });
    expect(JSON.stringify(row)).not.toMatch(/Zo|zoe|CANARY|Rue|tok_ok/);
  });

  test('sees archived orders as well', async () => {
    const id = await orderIn(orders.db, 'CANCELLED');
    await sql`update orders set updated_at = now() - interval '60 days', saga_state = 'COMPENSATED' where id = ${id}`.execute(
      orders.db,
    );
    await sql`delete from outbox`.execute(orders.db);
    await sql`select archive_orders('30 days', 10)`.execute(orders.db);
    expect(await read(`select id from analytics.orders where id = '${id}'`)).toHaveLength(1);
    expect(await read(`select id from analytics.order_items where order_id = '${id}'`)).toHaveLength(1);
  });

  test.each([
    'select * from orders',
    'select * from analytics.customer_key',
    'select * from archive.orders',
    'create table x ()',
  ])('is refused "%s"', async (statement) => {
    await expect(read(statement)).rejects.toThrow('permission denied');
  });

  test('reads amounts with the decimals of every currency', async () => {
    const rows = await read(
      `select c as currency, scale(analytics.amount(12345, c)) as decimals from unnest(array['${currencies.join("','")}']) as c`,
    );
    expect(rows).toEqual(currencies.map((currency) => ({ currency, decimals: currencyDecimals(currency) })));
  });
});

const address = {
  name: 'Zoë Émile',
  line1: '1 Rue de la Paix',
  city: 'Brest',
  region: 'Bretagne',
  postal_code: '29200',
  country: 'FR',
  company: 'CANARY SA',
  phone: '+33 2 CANARY',
  email: 'zoe-at-work@example.com',
};
