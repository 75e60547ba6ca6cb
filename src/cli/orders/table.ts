import { stripVTControlCharacters } from 'node:util';
import { paint, plain } from './output.ts';

/** A column: its title, what it shows of a row, and how. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Styles the text, which is padded already. */
  readonly paint?: (row: Row, text: string) => string;
  readonly align?: 'right';
}

/** Rows in columns as wide as what they hold; the last one is cut where the terminal ends. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width = terminalWidth()): string {
  const cells = rows.map((row) => columns.map((column) => plain(column.of(row))));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const header = columns.map((column, index) => padded(column.title, widths[index] ?? 0, column.align));
  const lines = rows.map((row, y) =>
    columns.map((column, x) => {
      const text = padded(cells[y]?.[x] ?? '', widths[x] ?? 0, column.align);
      return { text, show: column.paint?.(row, text) ?? text };
    }),
  );
  return [paint(cut(header.join('  ').trimEnd(), width), 'dim'), ...lines.map((line) => cutLine(line, width))].join(
    '\n',
  );
}

/** Names and values below each other, without those that have no value. */
export function fields(entries: readonly (readonly [string, string | null | undefined])[]): string {
  const shown = entries.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${paint(name.padEnd(width), 'dim')}  ${value}`).join('\n');
}

function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
}

function padded(text: string, width: number, align: 'right' | undefined): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Styles take no room, so they are put on what is left after cutting. */
function cutLine(cells: readonly { text: string; show: string }[], width: number): string {
  const whole = cells.map(({ text }) => text).join('  ');
  if (whole.trimEnd().length <= width)
    return cells
      .map(({ show }) => show)
      .join('  ')
      .trimEnd();
  const last = cells.at(-1)?.text ?? '';
  const before = whole.length - last.length;
  if (before >= width) return cut(whole, width);
  const styled = cells.slice(0, -1).map(({ show }) => show);
  return stripTrailing([...styled, cut(last.trimEnd(), width - before)].join('  '));
}

function stripTrailing(line: string): string {
  return stripVTControlCharacters(line).endsWith(' ') ? line.trimEnd() : line;
}
