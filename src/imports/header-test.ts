import { normaliseHeader } from '../domain/import-columns.ts';

/** Makes a test of rows that are the header again: two exports in one file have two. */
export function headerTest(header: readonly string[]): (cells: readonly string[]) => boolean {
  const names = header.map(normaliseHeader);
  return (cells) =>
    cells.length === header.length &&
    normaliseHeader(cells[0] ?? '') === names[0] &&
    cells.every((cell, column) => normaliseHeader(cell) === names[column]);
}
