import type { FileOrderState } from '../../domain/file-order.ts';
import type { FileRow } from './file-row.ts';
import type { OrderCells } from './order-cells.ts';
import type { CellReader } from './read-cells.ts';
import type { ReadLine } from './read-lines.ts';
import { isKnownWord, meaningOf, readWord } from './read-word.ts';

/** Whether the order was cancelled as a whole: its rows, a date or a word says so. */
export function isCancelledOrder(cells: CellReader, order: OrderCells, rows: readonly FileRow[]): boolean {
  const state = order.text('state') ?? '';
  return (
    rows.some((row) => row.isCancelled) ||
    order.moment('cancelled_at') !== null ||
    meaningOf(cells, 'state', state, rows[0]) === 'CANCELLED' ||
    (state === '' && areAllCancelled(cells, rows))
  );
}

/** Where only lines have states. */
function areAllCancelled(cells: CellReader, rows: readonly FileRow[]): boolean {
  const sold = rows.filter(({ isSummary, isRefund }) => !isSummary && !isRefund);
  return sold.length > 0 && sold.every((row) => isCancelledLine(cells, row));
}

function isCancelledLine(cells: CellReader, row: FileRow): boolean {
  const text = cells.text(row, 'line_state');
  return isKnownWord(cells, 'line_state', text) && readWord(cells, row, 'line_state') === 'CANCELLED';
}

/** How far an order has got: by its word, else by what its lines and its dates say. */
export function readState(
  cells: CellReader,
  order: OrderCells,
  rows: readonly FileRow[],
  lines: readonly ReadLine[],
): FileOrderState {
  const word = meaningOf(cells, 'state', order.text('state') ?? '', rows[0]);
  if (word !== null && word !== 'OPEN' && word !== 'PARTLY_SHIPPED') return word;
  const byLines = stateOfLines(lines, word);
  if (byLines !== null) return byLines;
  if (word === 'PARTLY_SHIPPED') {
    cells.fault(
      'was shipped in part, and no line says how many pieces have left: name their column with column.shipped_quantity=…, or correct the state to what is still to be done',
      rows[0],
      'state',
    );
    return word;
  }
  if (order.moment('delivered_at') !== null) return 'DELIVERED';
  if (order.moment('shipped_at') !== null) return 'SHIPPED';
  return word ?? cells.rows.reading.preset.defaults?.state ?? 'OPEN';
}

/**
 * Shipped when all pieces have left, `PARTLY_SHIPPED` when some have, `null` when none has. Lines that came back, or were taken out of their order, say
 * nothing of the others, and of the whole order only where nothing else does.
 */
function stateOfLines(lines: readonly ReadLine[], word: FileOrderState | null): FileOrderState | null {
  const kept = lines.filter(({ state }) => state !== 'RETURNED');
  if (kept.length === 0) return word === 'OPEN' ? null : 'RETURNED';
  const ordered = kept.reduce((sum, { quantity }) => sum + quantity, 0);
  const shipped = kept.reduce((sum, { shippedQuantity }) => sum + shippedQuantity, 0);
  if (shipped === 0) return word === 'PARTLY_SHIPPED' && kept.length < lines.length ? word : null;
  if (shipped < ordered) return 'PARTLY_SHIPPED';
  return kept.every(({ state }) => state === 'DELIVERED') ? 'DELIVERED' : 'SHIPPED';
}

/**
 * The lines of an order that was shipped in part, of which the file states only how many pieces have left in all: that tells those of its only line,
 * or of all lines where all have left.
 */
export function withShippedPieces(
  cells: CellReader,
  order: OrderCells,
  rows: readonly FileRow[],
  lines: readonly ReadLine[],
): readonly ReadLine[] {
  const state = order.text('state') ?? '';
  const isPart = isKnownWord(cells, 'state', state) && meaningOf(cells, 'state', state, rows[0]) === 'PARTLY_SHIPPED';
  if (!isPart || lines.some(({ shippedQuantity }) => shippedQuantity > 0)) return lines;
  const row = rows.find((one) => cells.text(one, 'shipped_pieces') !== '');
  const pieces = (row && cells.quantity(row, 'shipped_pieces')) ?? 0;
  const ordered = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  if (pieces < 0 || pieces > ordered) cells.fault(`is ${pieces} of ${ordered}`, row, 'shipped_pieces');
  if (pieces !== ordered && lines.length > 1) return lines;
  return lines.map((line) => ({ ...line, shippedQuantity: pieces === ordered ? line.quantity : pieces }));
}
