import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FileFormat } from '../../../src/imports/read-order-lines.ts';
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
];

describe('a file of another system is recognised by its header, and its orders are what it states', () => {
  test.each(samples)('$file', async ({ file, preset, given, orders }) => {
    const read = await readText(readFileSync(new URL(`samples/${file}`, import.meta.url)), given);
    expect([...read.faults]).toEqual([]);
    expect(read.format.reading?.preset.name).toBe(preset);
    expect(tell(read)).toEqual(orders);
  });
});
