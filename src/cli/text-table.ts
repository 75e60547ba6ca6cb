import Table from 'cli-table3';

/** How a column stands; the left unless said otherwise. */
export type Alignment = 'left' | 'right';

/** No lines around or between the cells: two blanks part the columns. */
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

/** Rows of cells below each other, in columns as wide as what they hold. Cells may be styled. */
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
