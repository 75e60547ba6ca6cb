import Table from 'cli-table3';

/** The alignment of a column; left by default. */
export type Alignment = 'left' | 'right';

/** No lines around or between the cells; two blanks between columns. */
const chars = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Aligns cells in columns that are as wide as their contents; one line per row. Cells may be styled. */
export function alignColumns(rows: readonly (readonly string[])[], colAligns: readonly Alignment[] = []): string[] {
  if (rows.length === 0) return [];
  const style = { 'padding-left': 0, 'padding-right': 0, head: [], border: [] };
  const table = new Table({ chars, style, colAligns: [...colAligns] });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
