import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FileFormat } from '../../../src/imports/read-order-lines.ts';
import { readText, tell } from './read-text.ts';

interface Export {
  readonly file: string;
  readonly preset: string;
  readonly given?: Partial<FileFormat>;
  readonly orders: readonly string[];
  /** Why the others are refused, by their numbers. */
  readonly refused: Readonly<Record<string, RegExp>>;
}

const shopifyOrders = [
  '#1: 2 MUG at 20.00, 2 sent; 1 BRD at 20.00, 1 sent = 60.00 EUR, DELIVERED, PARTIALLY_REFUNDED 20.00',
  '#2: 2 MUG at 1500, 2 sent; 1 BRD at 1500 = 4500 JPY, PARTLY_SHIPPED, PAID',
  '#3: 1 MUG at 12.345, 1 sent, 1 back = 12.345 KWD, RETURNED, REFUNDED 12.345',
  '#5: 1 MUG at 20.00 = 20.00 USD, CANCELLED, UNPAID',
  '#6: 2 MUG at 20.00 -2.00; 1 Gift card at 5.00; discount 5.00; tax 3.29 on top; shipping 6.00 = 47.29 USD, OPEN, PAID',
];

/** Headers as the systems write and document them, with what is rare: several currencies, refunds, taxes that others collect, states of all kinds. */
const files: readonly Export[] = [
  {
    file: 'shopify-currencies.csv',
    preset: 'shopify',
    orders: shopifyOrders,
    refused: { '#4': /"partially_paid" is not known/ },
  },
  {
    file: 'shopify-documented.csv',
    preset: 'shopify',
    orders: shopifyOrders,
    refused: { '#4': /"partially_paid" is not known/ },
  },
  {
    file: 'woocommerce-packed.csv',
    preset: 'woocommerce-webtoffee',
    orders: [
      '11: 2 MUG at 150.00, 2 sent; 1 BRD at 200.00, 1 sent; shipping 50.00 = 550.00 SEK, DELIVERED, PAID',
      '12: 1 MUG at 200.00; discount 10.00 = 190.00 SEK, OPEN, PAID',
      '14: 1 MUG at 200.00, 1 sent, 1 back = 200.00 SEK, RETURNED, REFUNDED 200.00',
      '15: 1 MUG at 200.00 = 200.00 SEK, CANCELLED, UNPAID',
    ],
    refused: { 13: /"amount:50\.00\|reason:Broken.*is no number/ },
  },
  {
    file: 'magento2-states.csv',
    preset: 'magento2',
    given: { defaults: { currency: 'GBP', addressCountry: 'GB' } },
    orders: [
      '000000001: 1 Items of the order at 50.00; shipping 5.00 = 55.00 GBP, OPEN, PAID',
      '000000003: 1 Items of the order at 20.00, 1 sent, 1 back = 20.00 GBP, RETURNED, REFUNDED 20.00',
      '000000004: 1 Items of the order at 20.00 = 20.00 GBP, OPEN, UNPAID',
      '000000005: 1 Items of the order at 20.00 = 20.00 GBP, OPEN, UNPAID',
      '000000006: 1 Items of the order at 20.00 = 20.00 GBP, CANCELLED, UNPAID',
    ],
    refused: { '000000002': /55\.00 GBP.*47\.30 GBP/ },
  },
  {
    file: 'bigcommerce-states.csv',
    preset: 'bigcommerce',
    orders: [
      '101: 2 MUG at 15.00, 2 sent; 1 BRD at 20.00, 1 sent; tax 6.00 on top; shipping 10.00 = 66.00 AUD, DELIVERED, PAID',
      '102: 2 MUG at 15.00, 1 sent = 30.00 AUD, PARTLY_SHIPPED, PAID',
      '103: 2 77 at 15.00, 2 sent = 30.00 AUD, DELIVERED, PARTIALLY_REFUNDED 15.00',
      '104: 2 MUG at 515.00 = 1030.00 AUD, OPEN, PAID',
      '105: 2 MUG at 15.00 = 30.00 AUD, CANCELLED, UNPAID',
    ],
    refused: { 106: /30\.00 AUD.*25\.00 AUD/ },
  },
  {
    file: 'square-refunds.csv',
    preset: 'square',
    given: { defaults: { currency: 'USD', country: 'US' } },
    orders: [
      'T1: 2 Mug at 15.00 -3.00, 2 sent; 1 Custom Amount at 5.00, 1 sent; tax 2.16 on top = 34.16 USD, DELIVERED, PAID',
      'T2: 1 Mug at 1015.00 -15.00, 1 sent, 1 back = 1000.00 USD, DELIVERED, REFUNDED 1000.00',
    ],
    refused: { T9: /has refunds only/ },
  },
  {
    file: 'square-product-sales.csv',
    preset: 'square',
    given: { defaults: { currency: 'USD', country: 'US' } },
    orders: ['T1: 2 Mug at 15.00 -3.00, 2 sent; 1 Board at 5.00, 1 sent; tax 2.56 on top = 34.56 USD, DELIVERED, PAID'],
    refused: {},
  },
  {
    file: 'wix-twice.csv',
    preset: 'wix',
    orders: [
      '10001: 2 MUG at 15.00, 2 sent; 1 BRD at 20.00, 1 sent; tax 9.17 included; shipping 5.00 = 55.00 EUR, DELIVERED, PAID',
      '10002: 2 MUG at 15.00, 2 sent, 1 back = 30.00 EUR, DELIVERED, PARTIALLY_REFUNDED 15.00',
      '10003: 1 MUG at 15.00 = 15.00 EUR, OPEN, UNPAID',
    ],
    refused: { 10_004: /"Partially Paid" is not known/ },
  },
  {
    file: 'etsy-coupons.csv',
    preset: 'etsy',
    orders: [
      '3001: 2 9001 at 5.00, 2 sent; 1 9001 at 3.00, 1 sent; discount 1.30; tax 0.62 on top; shipping 4.50 = 16.82 USD, SHIPPED, PAID',
      '3002: 1 9001 at 34.00 = 34.00 CAD, OPEN, PAID',
      '3003: 3 9001 at 1009.00, 3 sent = 3027.00 EUR, SHIPPED, PAID',
    ],
    refused: { 3004: /nothing in the file says whether the order is paid/ },
  },
  {
    file: 'ebay-collected.csv',
    preset: 'ebay',
    orders: [
      '01-1: 2 CLK at 10.00; tax 2.00 on top; shipping 4.00; fees 0.50 = 26.50 USD, OPEN, PAID',
      '01-2: 1 CLK at 10.00, 1 sent = 10.00 USD, SHIPPED, PAID',
      '01-3: 1 CLK at 10.00 = 10.00 USD, OPEN, UNPAID',
    ],
    refused: {},
  },
];

test.each(files)(
  'every order of $file is read for certain or refused',
  async ({ file, preset, given, orders, refused }) => {
    const read = await readText(readFileSync(new URL(`samples/${file}`, import.meta.url)), given);
    expect(read.format.reading?.preset.name).toBe(preset);
    expect(tell(read)).toEqual(orders);
    expect([...read.faults.keys()]).toEqual(Object.keys(refused));
    for (const [number, reason] of Object.entries(refused)) {
      expect(
        read.faults
          .get(number)
          ?.map(({ message }) => message)
          .join('; '),
      ).toMatch(reason);
    }
  },
);

test('where the billing address has the headers of the shipping address, goods go to the first', async () => {
  const { orders } = await readText(readFileSync(new URL('samples/wix-twice.csv', import.meta.url)));
  expect(orders.get('10001')?.shippingAddress).toMatchObject({ line1: 'Teststr. 1', city: 'Berlin', country: 'DE' });
});
