import { conventionsSchema } from './import-view.ts';
import { z } from '@hono/zod-openapi';
import { fileOrderStates, filePaymentStates } from '../../../domain/file-order.ts';
import { importModes, modeOf } from '../../../domain/import-columns.ts';
import { formatMoney } from '../../../domain/money.ts';
import { describeReading } from '../../../imports/describe-reading.ts';
import type { DryRun } from '../../../imports/dry-run/dry-run-file.ts';

const count = z.int().min(0);

const amount = z
  .string()
  .nullable()
  .openapi({ description: 'Null where too many different products and customers were named to ask for all of them.' });

/** What a dry run of an import has found, on the wire. */
export const dryRunSchema = z
  .strictObject({
    dry_run: z.literal(true),
    mode: z.enum(importModes),
    recognised: z.string().openapi({ description: 'The system that wrote the file; `orders` is our own header.' }),
    columns: z
      .record(z.string(), z.array(z.string()))
      .openapi({ description: 'The headers that each field is taken from.' }),
    assumed: z.record(z.string(), z.string()).openapi({
      description:
        'What is taken for fields that no column states, as the parameters or the settings say: `currency`, `country`, `customer_id`, `payment_method`.',
    }),
    unused_columns: z.array(z.string()).openapi({ description: 'Headers that are taken for nothing.' }),
    conventions: conventionsSchema.openapi({
      description: 'How the file writes numbers and dates; null for our own header, where nothing needs to be found.',
    }),
    rows: count,
    orders: count.openapi({ description: 'Orders of the file, those that are refused among them.' }),
    refused: count.openapi({ description: 'Orders that have a fault.' }),
    known: count.openapi({ description: 'Orders that are on record already under their reference.' }),
    states: z
      .array(
        z.strictObject({
          state: z.enum(fileOrderStates),
          payment_state: z.enum(filePaymentStates),
          orders: count,
        }),
      )
      .openapi({
        description: 'How far the orders have got, as the file says; nothing for our own header with `mode=new`.',
      }),
    sums: z
      .array(
        z.strictObject({
          currency: z.string(),
          orders: count,
          unpriced: count.openapi({
            description:
              'Orders with a line without a price, as cancelled ones may have; they are no part of the sums.',
          }),
          goods: z.string().openapi({ description: 'Prices by quantities, less the discounts of lines.' }),
          discount: amount,
          tax: amount,
          shipping: amount,
          fees: amount,
          total: amount,
          refunded: amount,
        }),
      )
      .openapi({ description: 'What the orders without a fault come to, by currency.' }),
    problems: z
      .array(z.strictObject({ message: z.string(), orders: count }))
      .openapi({ description: 'How many orders have which fault; what differs from one to the next is `…`.' }),
    faults: z
      .array(
        z.strictObject({
          line: z.int().nullable(),
          column: z.string().nullable(),
          order_reference: z.string(),
          message: z.string(),
        }),
      )
      .openapi({ description: 'The first twenty faults, by their row in the file.' }),
    differing: count.openapi({
      description:
        'With `prices=catalogue`: orders that would come to something else than the file states; they are no faults.',
    }),
    differences: z
      .array(z.strictObject({ order_reference: z.string(), message: z.string() }))
      .openapi({ description: 'The first twenty of them.' }),
    missing_customers: z
      .array(z.strictObject({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() }))
      .openapi({
        description:
          'Customers that the customer service does not know, to be created by `create_missing=customers` or loaded there. With `mode=history`, where none has to be known, only with `create_missing`.',
      }),
    missing_products: z
      .array(z.strictObject({ sku: z.string(), name: z.string(), price: z.string(), currency: z.string() }))
      .openapi({
        description: 'Products that the catalogue does not have, likewise; those without a price are left out.',
      }),
  })
  .openapi('ImportDryRun');

/** A dry run as clients see it. */
export function dryRunView({ format, rows, tally, missing }: DryRun): z.output<typeof dryRunSchema> {
  const { recognised, columns, assumed, conventions } = describeReading(format);
  const used = new Set(Object.values(columns).flat());
  return {
    dry_run: true,
    mode: modeOf(format),
    recognised,
    columns: Object.fromEntries(Object.entries(columns).map(([field, headers]) => [field, [...headers]])),
    assumed: { ...assumed },
    unused_columns: format.header.filter((name) => name !== '' && !used.has(name)),
    conventions: conventions && {
      decimal: conventions.decimal,
      dates: conventions.dates,
      time_zone: conventions.timeZone,
    },
    rows,
    orders: tally.orders,
    refused: tally.refused,
    known: tally.known,
    states: tally.states.map(({ state, payment, orders }) => ({ state, payment_state: payment, orders })),
    sums: tally.sums.map((sum) => ({ ...sum })),
    problems: tally.problems.map((problem) => ({ ...problem })),
    faults: tally.faults.map(({ reference, ...fault }) => ({ ...fault, order_reference: reference })),
    differing: tally.differing,
    differences: tally.differences.map(({ reference, message }) => ({ order_reference: reference, message })),
    missing_customers: missing.customers.map((customer) => ({ ...customer })),
    missing_products: missing.products.map(({ priceMinor, ...product }) => ({
      ...product,
      price: formatMoney(priceMinor, product.currency),
    })),
  };
}
