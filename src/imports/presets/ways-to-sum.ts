import type { TaxBasis } from '../../domain/preset.ts';
import type { CellReader, Rate } from './read-cells.ts';
import type { ReadLine } from './read-lines.ts';

/** The amounts of an order as its file states them, in minor units; `null` where it states none. */
export interface StatedAmounts {
  readonly currency: string;
  readonly lines: readonly ReadLine[];
  readonly discountMinor: number;
  readonly taxMinor: number;
  /** Whether the tax is that of the lines by their percentages instead, which is another one where prices hold it. */
  readonly isTaxByRates: boolean;
  readonly shippingMinor: number;
  readonly feesMinor: number;
  /** What they are with their tax, where the file states that as well: they count where prices hold the tax. */
  readonly withTax: { readonly shippingMinor: number; readonly feesMinor: number } | null;
  readonly totalMinor: number | null;
  /** What a word of the file says of the tax. */
  readonly taxBasis: TaxBasis | null;
}

/** A way in which the amounts of a file may be meant. */
export interface Way {
  readonly price: 'unit' | 'line';
  readonly tax: TaxBasis;
  readonly areLineDiscountsWithin: boolean;
}

/** Those ways that differ in what the order comes to. */
export function waysOf(cells: CellReader, stated: StatedAmounts): Way[] {
  const { unit_price: price = 'unit', line_discounts: within = 'auto' } = cells.rows.reading.preset.amounts ?? {};
  const lineDiscounts = sumLines(stated.lines, ({ discountMinor }) => discountMinor);
  const prices: Way['price'][] =
    price !== 'auto'
      ? [price]
      : stated.lines.every(({ gross }) => gross?.unit === gross?.line)
        ? ['unit']
        : ['unit', 'line'];
  const taxes = taxBasesOf(cells, stated);
  const withins =
    within !== 'auto'
      ? [within === 'within-discount']
      : lineDiscounts === 0 || stated.discountMinor < lineDiscounts
        ? [false]
        : [false, true];
  return prices.flatMap((one) =>
    taxes.flatMap((basis) => withins.map((isWithin) => ({ price: one, tax: basis, areLineDiscountsWithin: isWithin }))),
  );
}

/** Whether the prices may hold the tax, or not, or either. */
export function taxBasesOf(cells: CellReader, { taxBasis, taxMinor, isTaxByRates }: StatedAmounts): TaxBasis[] {
  const { tax = 'auto' } = cells.rows.reading.preset.amounts ?? {};
  if (taxBasis !== null) return [taxBasis];
  if (tax !== 'auto') return [tax === 'included' ? 'INCLUDED' : 'ON_TOP'];
  return taxMinor === 0 && !isTaxByRates ? ['ON_TOP'] : ['ON_TOP', 'INCLUDED'];
}

/** What an order comes to in one of the ways. */
export function sumOf(stated: StatedAmounts, way: Way): number {
  const lines = sumLines(stated.lines, ({ gross, discountMinor }) => (gross?.[way.price] ?? 0) - discountMinor);
  const tax = way.tax === 'ON_TOP' ? taxOf(stated, way) : 0;
  const { shippingMinor, feesMinor } = carriageOf(stated, way);
  return lines - orderDiscount(stated, way) + tax + shippingMinor + feesMinor;
}

/** Shipping and fees, with their tax where prices hold it and the file states both. */
export function carriageOf({ shippingMinor, feesMinor, withTax }: StatedAmounts, { tax }: Pick<Way, 'tax'>) {
  return tax === 'INCLUDED' && withTax !== null ? withTax : { shippingMinor, feesMinor };
}

/** The tax of an order; of lines with percentages that of each line, less that of a discount of the whole order, which all of them have in common. */
export function taxOf(stated: StatedAmounts, way: Way): number {
  if (!stated.isTaxByRates) return stated.taxMinor;
  const ofLines = sumLines(stated.lines, ({ gross, discountMinor, taxRate }) =>
    taxWithin((gross?.[way.price] ?? 0) - discountMinor, taxRate, way.tax),
  );
  return ofLines - taxWithin(orderDiscount(stated, way), stated.lines[0]?.taxRate ?? null, way.tax);
}

/** Half up, in minor units. */
function taxWithin(minor: number, rate: Rate | null, basis: TaxBasis): number {
  if (rate === null) return 0;
  const whole = 100n * 10n ** BigInt(rate.decimals);
  const of = basis === 'INCLUDED' ? whole + rate.digits : whole;
  return Number((2n * BigInt(minor) * rate.digits + of) / (2n * of));
}

/** The discount of the whole order, beside those of its lines. */
export function orderDiscount({ lines, discountMinor }: StatedAmounts, { areLineDiscountsWithin }: Way): number {
  return areLineDiscountsWithin ? discountMinor - sumLines(lines, (line) => line.discountMinor) : discountMinor;
}

/** The sum of a figure of all lines. */
export function sumLines(lines: readonly ReadLine[], read: (line: ReadLine) => number): number {
  return lines.reduce((sum, line) => sum + read(line), 0);
}
