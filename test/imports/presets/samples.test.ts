import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FileFormat } from '../../../src/imports/read-order-lines.ts';
import { knownPresets } from '../../../src/imports/presets/known-presets.ts';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { readText, tell } from './read-text.ts';

interface Sample {
  readonly file: string;
  readonly preset: string;
  /** What no file of this system states. */
  readonly given?: Partial<FileFormat>;
  readonly orders: readonly string[];
}

const samples: readonly Sample[] = [
  {
    file: 'shopify.csv',
    preset: 'shopify',
    orders: [
      '#3101: 2 MUG-1 at 20.00; 1 BOARD-1 at 20.00; discount 8.00; tax 9.42 included; shipping 4.50 = 56.50 GBP, OPEN, PAID',
      '#3102: 1 MUG-1 at 20.00, 1 sent = 20.00 GBP, DELIVERED, REFUNDED 20.00',
      '#3103: 1 BOARD-1 at 20.00 = 20.00 GBP, CANCELLED, UNPAID',
      '#3104: 2 MUG-1 at 20.00, 2 sent = 40.00 GBP, DELIVERED, PARTIALLY_REFUNDED 5.00',
      '#3105: 1 BOARD-1 at 20.00 = 20.00 GBP, OPEN, UNPAID',
      '#3106: 2 MUG-1 at 20.00; 1 BOARD-1 at 20.00 = 60.00 GBP, OPEN, PAID',
    ],
  },
  {
    file: 'amazon-all-orders.txt',
    preset: 'amazon',
    orders: [
      '171-0687676-7273147: 2 MUG-1 at 21.00, 2 sent; 1 BOARD-1 at 18.00 -2.00, 1 sent; shipping 5.99 = 63.99 EUR, SHIPPED, PAID',
      '303-5551212-0000025:  = 0.00 EUR, CANCELLED, UNPAID',
    ],
  },
  {
    file: 'amazon-unshipped.txt',
    preset: 'amazon-unshipped',
    given: { prices: 'catalogue', defaults: { currency: 'GBP' } },
    orders: ['205-0000002-0000022: 1 MUG-1 at ?; 3 BOARD-1 at ?, 1 sent = 0.00 GBP, PARTLY_SHIPPED, PAID'],
  },
  {
    file: 'woocommerce-advanced.csv',
    preset: 'woocommerce',
    given: { defaults: { currency: 'USD' } },
    orders: [
      '5121: 2 MUG-1 at 20.00; 1 BOARD-1 at 20.00; tax 3.25 on top; shipping 7.00 = 70.25 USD, OPEN, PAID',
      '5122: 1 MUG-1 at 20.00 = 20.00 USD, CANCELLED, UNPAID',
      '5123: 1 BOARD-1 at 20.00; discount 2.00 = 18.00 USD, OPEN, PAID',
    ],
  },
  {
    file: 'etsy-items.csv',
    preset: 'etsy',
    orders: [
      '6701: 2 26001 at 20.00, 2 sent; 1 26002 at 20.00, 1 sent; shipping 8.00 = 68.00 CAD, SHIPPED, PAID',
      '6702: 1 26002 at 20.00; discount 4.00 = 16.00 CAD, OPEN, PAID',
    ],
  },
  {
    file: 'ebay.csv',
    preset: 'ebay',
    orders: [
      '27-00009-00001: 1 CLOCK-1 at 1245.99, 1 sent; shipping 12.00 = 1257.99 USD, SHIPPED, PAID',
      '27-00009-00002: 1 MUG-1 at 20.00; 1 BOARD-1 at 20.00; shipping 5.00 = 45.00 USD, OPEN, PAID',
    ],
  },
  {
    file: 'squarespace.csv',
    preset: 'squarespace',
    orders: [
      '00412: 2 MUG-1 at 12.50, 2 sent; 1 BOARD-1 at 20.00, 1 sent; discount 4.50; tax 3.15 on top; shipping 6.00 = 49.65 USD, DELIVERED, PAID',
      '00413: 1 BOARD-1 at 20.00 = 20.00 USD, OPEN, UNPAID',
      '00414: 1 BOARD-1 at 20.00 = 20.00 USD, CANCELLED, REFUNDED 20.00',
    ],
  },
  {
    file: 'woocommerce-webtoffee.csv',
    preset: 'woocommerce-webtoffee',
    orders: [
      '901: 2 MUG-1 at 15.00, 2 sent; 1 BOARD-1 at 20.00, 1 sent; discount 5.00; tax 9.50 on top; shipping 4.90 = 59.40 EUR, DELIVERED, PAID',
      '902: 1 32 at 20.00 = 20.00 EUR, OPEN, UNPAID',
      '903: 1 MUG-1 at 15.00, 1 sent, 1 back = 15.00 EUR, RETURNED, REFUNDED 15.00',
    ],
  },
  {
    file: 'etsy-orders.csv',
    preset: 'etsy-orders',
    orders: [
      '6801: 3 MUG-1,BOARD-1 at 20.00, 3 sent; discount 6.00 = 54.00 CAD, SHIPPED, PAID',
      '6802: 1 CLOCK-1 at 1020.00; tax 51.00 on top; shipping 12.00 = 1083.00 CAD, OPEN, PAID',
    ],
  },
  {
    file: 'wix.csv',
    preset: 'wix',
    orders: [
      '10051: 2 MUG-1 at 15.00, 2 sent; 1 BOARD-1 at 20.00, 1 sent; tax 9.17 included; shipping 5.00 = 55.00 EUR, DELIVERED, PAID',
      '10052: 1 BOARD-1 at 20.00, 1 back = 20.00 EUR, OPEN, PARTIALLY_REFUNDED 8.00',
    ],
  },
  {
    file: 'square.csv',
    preset: 'square',
    given: { defaults: { currency: 'USD', country: 'US' } },
    orders: [
      'SQTESTA1: 2 MUG-1 at 15.00 -3.00, 2 sent; 1 Board, ash at 20.00, 1 sent; tax 3.76 on top = 50.76 USD, DELIVERED, PAID',
      'SQTESTB2: 1 CLOCK-1 at 1200.00, 1 sent, 1 back; tax 96.00 on top = 1296.00 USD, DELIVERED, REFUNDED 1296.00',
    ],
  },
  {
    file: 'tiktok.csv',
    preset: 'tiktok',
    given: { defaults: { currency: 'USD' } },
    orders: [
      '576461413038785752: 2 MUG-1 at 15.00 -3.00, 2 sent; 1 BOARD-1 at 20.00, 1 sent; tax 3.76 on top; shipping 4.99 = 55.75 USD, SHIPPED, PAID',
      '576461413038785999: 1 BOARD-1 at 20.00 = 20.00 USD, CANCELLED, REFUNDED 20.00',
    ],
  },
  {
    file: 'magento1.csv',
    preset: 'magento',
    given: { defaults: { currency: 'CHF' } },
    orders: [
      '100000231: 2 MUG-1 at 15.00, 2 sent; 1 BOARD-1 at 20.00, 1 sent; discount 6.00; tax 8.80 on top; shipping 5.00 = 57.80 CHF, DELIVERED, PAID',
      '100000232: 3 BOARD-1 at 20.00, 1 sent = 60.00 CHF, PARTLY_SHIPPED, PAID',
    ],
  },
  {
    file: 'magento2.csv',
    preset: 'magento2',
    given: { defaults: { currency: 'GBP', country: 'GB' } },
    orders: [
      '000000045: 1 Items of the order at 50.00, 1 sent; shipping 5.00 = 55.00 GBP, DELIVERED, PAID',
      '000000046: 1 Items of the order at 20.00, 1 sent, 1 back = 20.00 GBP, RETURNED, REFUNDED 20.00',
    ],
  },
  {
    file: 'bigcommerce.csv',
    preset: 'bigcommerce',
    orders: [
      '186: 2 MUG-1 at 15.00, 2 sent; 1 101 at 20.00, 1 sent; tax 5.50 on top; shipping 5.00 = 60.50 AUD, SHIPPED, PAID',
      '187: 1 BOARD-1 at 20.00 = 20.00 AUD, OPEN, UNPAID',
    ],
  },
  {
    file: 'faire.csv',
    preset: 'faire',
    given: { defaults: { currency: 'USD' } },
    orders: [
      'TESTAB12CD: 6 MUG-1 at 7.50, 6 sent; 4 BOARD-1 at 10.00, 4 sent = 85.00 USD, DELIVERED, PAID',
      'TESTEF34GH: 2 CLOCK-1 at 1100.00 = 2200.00 USD, OPEN, PAID',
    ],
  },
  {
    file: 'retail.csv',
    preset: 'retail',
    given: { defaults: { currency: 'GBP' } },
    orders: [
      '541001: 6 MUG-1 at 2.55, 6 sent; 6 BOARD-1 at 3.39, 6 sent = 35.64 GBP, DELIVERED, PAID',
      'C541002: 6 MUG-1 at 2.55 = 15.30 GBP, CANCELLED, UNPAID',
      '541003: 1 CLOCK-1 at 1250.13, 1 sent = 1250.13 GBP, DELIVERED, PAID',
    ],
  },
  {
    file: 'superstore.csv',
    preset: 'superstore',
    given: { defaults: { currency: 'USD' } },
    orders: [
      'ZZ-2026-1: 2 FUR-1 at 15.00, 2 sent; 5 FUR-2 at 191.52 -0.02, 5 sent = 987.58 USD, SHIPPED, PAID',
      'ZZ-2026-2: 1 FUR-1 at 15.00, 1 sent = 15.00 USD, SHIPPED, PAID',
    ],
  },
];

test('every known system has a sample', () => {
  expect(samples.map(({ preset }) => preset).toSorted()).toEqual(knownPresets.map(({ name }) => name).toSorted());
});

test('every known preset could be a preset file', () => {
  for (const preset of knownPresets) expect(readPresetFile(JSON.stringify(preset))).toEqual(preset);
});

describe('a file of another system is recognised by its header, and its orders are what it states', () => {
  test.each(samples)('$file', async ({ file, preset, given, orders }) => {
    const read = await readText(readFileSync(new URL(`samples/${file}`, import.meta.url)), given);
    expect([...read.faults]).toEqual([]);
    expect(read.format.reading?.preset.name).toBe(preset);
    expect(tell(read)).toEqual(orders);
  });
});
