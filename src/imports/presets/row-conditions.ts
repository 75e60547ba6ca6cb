import { normaliseHeader } from '../../domain/import-columns.ts';
import type { RowCondition } from '../../domain/preset.ts';

/** Whether the cells of a row meet any of some conditions. */
export type RowTest = (cells: readonly string[]) => boolean;

/** Makes one test of conditions; a column that the header does not have is met by no row. */
export function rowTest(conditions: readonly RowCondition[] | undefined, header: readonly string[]): RowTest {
  const tests = (conditions ?? []).map((condition) => {
    const matches = cellTest(condition);
    if (condition.column === undefined) return (cells: readonly string[]) => cells.some(matches);
    const key = normaliseHeader(condition.column);
    const column = header.findIndex((name) => normaliseHeader(name) === key);
    return (cells: readonly string[]) => column >= 0 && matches(cells[column] ?? '');
  });
  return (cells) => tests.some((test) => test(cells));
}

function cellTest({ is = [], starts_with: starts = [], contains = [] }: RowCondition): (cell: string) => boolean {
  const [same, begins, holds] = [is, starts, contains].map((texts) => texts.map((text) => text.toLowerCase()));
  return (cell) => {
    const text = cell.trim().toLowerCase();
    return (
      (same?.includes(text) ?? false) ||
      (begins?.some((one) => text.startsWith(one)) ?? false) ||
      (holds?.some((one) => text.includes(one)) ?? false)
    );
  };
}
