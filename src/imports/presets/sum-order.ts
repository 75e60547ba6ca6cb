import { formatMoney, MAX_AMOUNT_MINOR, minorUnits } from '../../domain/money.ts';
import type { FileOrderLine } from '../../domain/file-order.ts';
import type { CellReader } from './read-cells.ts';
import type { ReadLine } from './read-lines.ts';
import {
  carriageOf,
  orderDiscount,
  sumLines,
  sumOf,
  taxBasesOf,
  taxOf,
  waysOf,
  type StatedAmounts,
  type Way,
} from './ways-to-sum.ts';

/** The amounts of an order that come to its total. */
export interface SummedOrder {
  readonly lines: readonly Pick<FileOrderLine, 'unitPriceMinor' | 'discountMinor'>[];
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly isTaxIncluded: boolean;
  readonly shippingMinor: number;
  readonly feesMinor: number;
  readonly totalMinor: number;
  readonly statedTotalMinor?: number | undefined;
}

/**
 * Finds the one way to read the amounts that comes to the stated total. Notes a fault, with both figures, when none does, when several do, or when
 * the file states no total to tell several ways apart.
 */
export function sumOrder(cells: CellReader, stated: StatedAmounts): SummedOrder | undefined {
  if (stated.lines.some(({ gross }) => gross === null)) return withoutPrices(cells, stated);
  if (stated.isTaxByRates && stated.discountMinor > 0 && !haveOneRate(stated.lines)) {
    cells.fault(
      'the lines have several percentages of tax and the order has a discount, so that nobody can tell its tax: name the column of its tax with column.tax=…, or leave the percentages out with column.line_tax_rate=-',
    );
    return undefined;
  }
  const ways = waysOf(cells, stated).map((way) => ({ way, sum: sumOf(stated, way) }));
  const { currency, totalMinor } = stated;
  const write = (minor: number) => `${formatMoney(minor, currency)} ${currency}`;
  if (ways.some(({ sum }) => Math.abs(sum) > MAX_AMOUNT_MINOR) || (totalMinor ?? 0) > MAX_AMOUNT_MINOR) {
    cells.fault('the total is too large to be kept');
    return undefined;
  }
  const [first] = ways;
  if (!first) return undefined;
  if (totalMinor === null) {
    if (ways.length > 1) {
      cells.fault(
        `the file states no total, so that nobody can tell whether the order comes to ${ways.map(({ sum }) => write(sum)).join(' or ')}`,
      );
      return undefined;
    }
    return settle(cells, stated, first.way, first.sum, first.sum);
  }
  const fitting = closest(ways, totalMinor, toleranceOf(cells, currency));
  const [fit] = fitting;
  if (fit && (fitting.length === 1 || (stated.withTax !== null && areAlikeButForTax(fitting))))
    return settle(cells, stated, fit.way, fit.sum, totalMinor);
  const sums = [...new Set(ways.map(({ sum }) => sum))].map(write);
  cells.fault(
    fit
      ? `the stated total of ${write(totalMinor)} can be read in several ways: state in a preset file which one is right`
      : `lines, discounts, tax, shipping and fees come to ${sums.join(' or ')}, but the file states a total of ${write(totalMinor)}: correct them, or allow a difference with tolerance=…`,
  );
  return undefined;
}

function haveOneRate([first, ...others]: readonly ReadLine[]): boolean {
  return others.every(
    ({ taxRate }) => taxRate?.digits === first?.taxRate?.digits && taxRate?.decimals === first?.taxRate?.decimals,
  );
}

/** Where only shipping is taxed, prices without tax and a tax on top come to the same as prices with tax: both are true. */
function areAlikeButForTax([fit, ...others]: readonly Sum[]): boolean {
  return others.every(
    ({ way, sum }) =>
      sum === fit?.sum && way.price === fit.way.price && way.areLineDiscountsWithin === fit.way.areLineDiscountsWithin,
  );
}

function toleranceOf(cells: CellReader, currency: string): number {
  const { tolerance } = cells.rows.reading;
  return tolerance === null ? 0 : minorUnits(tolerance, currency, 'half up');
}

interface Sum {
  readonly way: Way;
  readonly sum: number;
}

/** The ways that come closest to the total, within the tolerance. */
function closest(ways: readonly Sum[], total: number, tolerance: number): Sum[] {
  const least = Math.min(...ways.map(({ sum }) => Math.abs(sum - total)));
  return least > tolerance ? [] : ways.filter(({ sum }) => Math.abs(sum - total) === least);
}

/** A difference within the tolerance is kept as a fee or a discount, so that the books balance. */
function settle(
  cells: CellReader,
  stated: StatedAmounts,
  way: Way,
  sum: number,
  total: number,
): SummedOrder | undefined {
  const { shippingMinor, feesMinor } = carriageOf(stated, way);
  const fees = feesMinor + Math.max(0, total - sum);
  const discount = orderDiscount(stated, way) + Math.max(0, sum - total);
  const shipping = Math.max(0, shippingMinor);
  if (total < 0) {
    cells.fault('the total is negative');
    return undefined;
  }
  return {
    lines: stated.lines.map(({ gross, quantity, discountMinor }) =>
      toUnitPrice(gross?.[way.price] ?? 0, quantity, discountMinor),
    ),
    // A discount on shipping beyond the shipping, and a fee that is given back, are discounts of the order.
    discountMinor: discount + Math.max(0, -shippingMinor) + Math.max(0, -fees),
    taxMinor: taxOf(stated, way),
    isTaxIncluded: way.tax === 'INCLUDED',
    shippingMinor: shipping,
    feesMinor: Math.max(0, fees),
    totalMinor: total,
  };
}

/** What the line comes to need not be a multiple of its quantity: the price of one is rounded up, and the rest is a discount. */
function toUnitPrice(grossMinor: number, quantity: number, discountMinor: number) {
  const unitPriceMinor = Math.ceil(grossMinor / quantity);
  return { unitPriceMinor, discountMinor: discountMinor + unitPriceMinor * quantity - grossMinor };
}

/** The catalogue's prices count, and have to come to the stated total once they are known. */
function withoutPrices(cells: CellReader, stated: StatedAmounts): SummedOrder | undefined {
  const [basis, other] = taxBasesOf(cells, stated);
  if (other !== undefined || stated.isTaxByRates) {
    cells.fault(
      'the file states a tax and no prices, so that nobody can tell whether they hold it: state it in a preset file',
    );
    return undefined;
  }
  const { discountMinor, taxMinor, totalMinor } = stated;
  const isTaxIncluded = basis === 'INCLUDED';
  const { shippingMinor, feesMinor } = carriageOf(stated, { tax: basis ?? 'ON_TOP' });
  const lines = stated.lines.map(({ gross, quantity, discountMinor: discount }) =>
    gross === null ? { unitPriceMinor: null, discountMinor: discount } : toUnitPrice(gross.unit, quantity, discount),
  );
  const pricedMinor = sumLines(stated.lines, ({ gross, discountMinor: discount }) => (gross?.unit ?? 0) - discount);
  const [shipping, fees] = [Math.max(0, shippingMinor), Math.max(0, feesMinor)];
  const discount = discountMinor + Math.max(0, -shippingMinor) + Math.max(0, -feesMinor);
  return {
    lines,
    discountMinor: discount,
    taxMinor,
    isTaxIncluded,
    shippingMinor: shipping,
    feesMinor: fees,
    totalMinor: pricedMinor - discount + (isTaxIncluded ? 0 : taxMinor) + shipping + fees,
    ...(totalMinor !== null && { statedTotalMinor: totalMinor }),
  };
}
