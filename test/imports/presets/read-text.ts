import type { FileOrder } from '../../../src/domain/file-order.ts';
import type { ImportFormat } from '../../../src/domain/import-columns.ts';
import type { CheckedLine } from '../../../src/domain/import.ts';
import { formatMoney } from '../../../src/domain/money.ts';
import type { RefusalDetail } from '../../../src/domain/refusal.ts';
import { readFileOrder } from '../../../src/imports/presets/read-file-order.ts';
import { readOrderLines, type FileFormat } from '../../../src/imports/read-order-lines.ts';

/** What a file came to: its format, and its orders or what is wrong with them, by their numbers. */
export interface ReadText {
  readonly format: ImportFormat;
  readonly orders: ReadonlyMap<string, FileOrder>;
  readonly faults: ReadonlyMap<string, readonly RefusalDetail[]>;
}

/** Reads a file as an upload in `history` does, in pieces of a few bytes. */
export async function readText(
  text: string | Uint8Array,
  options: Partial<FileFormat> = {},
  pieceBytes = 1_000,
): Promise<ReadText> {
  const lines: (CheckedLine & { reference: string })[] = [];
  const format = await readOrderLines(
    piecesOf(Buffer.from(text), pieceBytes),
    { encoding: undefined, delimiter: undefined, named: {}, defaults: {}, mode: 'history', ...options },
    (some) => {
      lines.push(...some);
      return Promise.resolve();
    },
  );
  const orders = new Map<string, FileOrder>();
  const faults = new Map<string, readonly RefusalDetail[]>();
  for (const [reference, own] of Map.groupBy(lines, (line) => line.reference)) {
    const read = readFileOrder(reference, own, format);
    if ('order' in read) orders.set(reference, read.order);
    else faults.set(reference, read.faults);
  }
  return { format, orders, faults };
}

async function* piecesOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Every order in one line: its lines, how its total comes about, its state and its payment. */
export function tell({ orders }: ReadText): string[] {
  return [...orders.values()].map((order) => {
    const write = (minor: number) => formatMoney(minor, order.currency);
    const lines = order.lines.map(
      ({ quantity, sku, unitPriceMinor, discountMinor, shippedQuantity, returnedQuantity }) =>
        [
          `${quantity} ${sku} at ${unitPriceMinor === null ? '?' : write(unitPriceMinor)}`,
          discountMinor > 0 ? ` -${write(discountMinor)}` : '',
          shippedQuantity > 0 ? `, ${shippedQuantity} sent` : '',
          returnedQuantity > 0 ? `, ${returnedQuantity} back` : '',
        ].join(''),
    );
    const parts = [
      ...lines,
      ...(order.discountMinor > 0 ? [`discount ${write(order.discountMinor)}`] : []),
      ...(order.taxMinor > 0 ? [`tax ${write(order.taxMinor)} ${order.isTaxIncluded ? 'included' : 'on top'}`] : []),
      ...(order.shippingMinor > 0 ? [`shipping ${write(order.shippingMinor)}`] : []),
      ...(order.feesMinor > 0 ? [`fees ${write(order.feesMinor)}`] : []),
    ];
    const refunded = order.payment.refundedMinor > 0 ? ` ${write(order.payment.refundedMinor)}` : '';
    return `${order.reference}: ${parts.join('; ')} = ${write(order.totalMinor)} ${order.currency}, ${order.state}, ${order.payment.state}${refunded}`;
  });
}
