import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AMPLE_UNITS, buildCatalogue, findMostCommon, chooseStock } from '../../../dev/replay/catalogue.ts';
import { createHttpClient } from '../../../dev/replay/http-client.ts';
import { readProducts } from '../../../dev/replay/read-system.ts';
import { seedCustomers, seedProducts } from '../../../dev/replay/seed.ts';
import { startTestSandbox, type TestSandbox } from '../sandbox/sandbox.ts';
import { readFixture } from './fixture.ts';

describe('the catalogue of a file', () => {
  test('has every product once, also postage, fees and those of skipped invoices, telling upper from lower case', async () => {
    const catalogue = buildCatalogue(await readFixture());
    const named = catalogue.map(({ sku }) => sku).filter((sku) => !sku.startsWith('2'));
    expect(named).toEqual('10001A,10002,10003,B,10004,PADS,10005,10006,POST,M,m,BANK CHARGES,10001a'.split(','));
    expect(catalogue).toHaveLength(13 + 51);
  });

  test('has the most common name and positive price, else the code and 0.00', async () => {
    const bySku = new Map(buildCatalogue(await readFixture()).map((entry) => [entry.sku, entry]));
    expect(bySku.get('10002')).toMatchObject({ name: 'BLUE MUG', price: '3.39' });
    expect(bySku.get('10004')).toMatchObject({ name: '10004', price: '0.00' });
    expect(bySku.get('PADS')).toMatchObject({ price: '0.00' });
    expect(bySku.get('B')).toMatchObject({ price: '0.00' });
  });

  test('counts what can be ordered of it', async () => {
    const bySku = new Map(buildCatalogue(await readFixture()).map((entry) => [entry.sku, entry]));
    expect(bySku.get('10001A')?.demandUnits).toBe(7);
    expect(bySku.get('10005')?.demandUnits).toBe(0);
    expect(bySku.get('10004')?.demandUnits).toBe(0);
  });

  test('takes the earliest of equally common values', () => {
    expect(findMostCommon(['b', 'a', 'a', 'b'])).toBe('b');
    expect(findMostCommon(['b', 'a', 'a'])).toBe('a');
    expect(findMostCommon([])).toBeUndefined();
  });
});

describe('stock', () => {
  const units = fc.nat({ max: 5_000_000 });
  test('that is set covers the file, never falls and stays above what is reserved', () => {
    fc.assert(
      fc.property(units, units, units, fc.constantFrom('GBP', 'EUR'), (demandUnits, stockUnits, reserved, currency) => {
        const reservedUnits = Math.min(reserved, stockUnits);
        const entry = { sku: 'A', name: 'A', price: '1.00', demandUnits };
        const set = chooseStock(entry, { currency, stockUnits, reservedUnits });
        const after = set ?? stockUnits;
        const neededUnits = set === undefined ? demandUnits : Math.max(demandUnits, AMPLE_UNITS);
        expect(after).toBeGreaterThanOrEqual(stockUnits);
        expect(after - reservedUnits).toBeGreaterThanOrEqual(neededUnits);
        expect(chooseStock(entry, { currency: 'GBP', stockUnits: after, reservedUnits })).toBeUndefined();
      }),
    );
  });
});

describe('seeding', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.stop());

  test('a second time touches no stock, also after sales', async () => {
    const client = createHttpClient({ name: 'The sandbox', baseUrl: sandbox.url, patienceMs: 10_000 });
    const invoices = await readFixture();
    const catalogue = buildCatalogue(invoices);
    expect(await seedProducts(client, catalogue)).toBe(64);
    const items = [{ sku: '10001A', quantity: 7 }];
    await sandbox.call(
      'POST',
      '/reservations',
      { order_id: 'o-1', items, expires_in_seconds: 60 },
      { 'Idempotency-Key': 'o-1:reserve' },
    );
    await sandbox.call('POST', '/reservations/o-1/commit', {}, { 'Idempotency-Key': 'o-1:commit' });

    const before = await readProducts(client);
    expect(await seedProducts(client, catalogue)).toBe(0);
    expect(await readProducts(client)).toEqual(before);
    expect(before.filter(({ stock }) => stock !== AMPLE_UNITS)).toEqual([
      { sku: '10001A', currency: 'GBP', stock: AMPLE_UNITS - 7, reserved: 0 },
    ]);
  });

  test('makes every customer active, the guest among them', async () => {
    const client = createHttpClient({ name: 'The sandbox', baseUrl: sandbox.url, patienceMs: 10_000 });
    await seedCustomers(client, ['17850', 'guest', 'guest']);
    expect((await sandbox.call('GET', '/users/17850')).body).toMatchObject({
      name: 'Customer 17850',
      status: 'ACTIVE',
    });
    expect((await sandbox.call('GET', '/users/guest')).body).toMatchObject({ status: 'ACTIVE' });
  });
});
