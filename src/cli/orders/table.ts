import { type Alignment, alignColumns } from '../text-table.ts';
import { paint, stripControls } from './output.ts';

/** A column: its title, and the text of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Styles the text. */
  readonly paint?: (row: Row, text: string) => string;
  readonly align?: Alignment;
}

/** A column that is cut to less than this says nothing: it is then left whole, and the terminal breaks the line. */
const MIN_COLUMN_WIDTH = 10;

/** Formats rows in columns that are as wide as their contents; the last column is cut at the edge of a terminal that is wide enough. */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = readTerminalWidth(),
): string {
  const cells = rows.map((row) => columns.map((column) => stripControls(column.of(row))));
  const taken = columns
    .slice(0, -1)
    .map(({ title }, x) => Math.max(title.length, ...cells.map((row) => row[x]?.length ?? 0)));
  const left = width - taken.reduce((sum, columnWidth) => sum + columnWidth + 2, 0);
  const painted = rows.map((row, y) =>
    columns.map((column, x) => {
      const cell = cells[y]?.[x] ?? '';
      const isCut = x === columns.length - 1 && left >= MIN_COLUMN_WIDTH;
      const text = isCut ? cutText(cell, left) : cell;
      return column.paint?.(row, text) ?? text;
    }),
  );
  const header = columns.map(({ title }) => paint(title, 'dim'));
  return alignColumns(
    [header, ...painted],
    columns.map(({ align }) => align ?? 'left'),
  ).join('\n');
}

/** Formats names and values, one per line, and leaves out names without a value. */
export function formatFields(entries: readonly (readonly [string, string | null | undefined])[]): string {
  const shown = entries.flatMap(([name, value]) =>
    value == null || value === '' ? [] : [[paint(name, 'dim'), value]],
  );
  return alignColumns(shown).join('\n');
}

/** Some terminals say that they have 0 columns, which means that they don't know. */
function readTerminalWidth(): number {
  return (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY;
}

function cutText(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
