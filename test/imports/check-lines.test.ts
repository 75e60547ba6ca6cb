import { expect, test } from 'vitest';
import { createLineChecker } from '../../src/imports/check-lines.ts';

const header = ['order', 'sku', 'quantity'];
const columns = { order_reference: 0, sku: 1, quantity: 2 };

/** What is wrong with the last line of a file that ends without a line end. */
async function faultsOfLast(
  cells: readonly string[],
  used: Record<string, number> = columns,
): Promise<readonly (string | null)[]> {
  const checker = createLineChecker({ header, columns: used });
  const before = { line: 2, cells: ['A-1', 'MUG', '2'], isCutOff: false };
  await checker.check([before, { line: 3, cells: [...cells], isCutOff: true }]);
  return checker.finish().flatMap(({ faults }) => faults ?? []);
}

test.each([['1'], ['1 000'], ['12.'], ['12.5'], ['７']])(
  'a last line without a line end that ends in %j is refused: more digits may be missing',
  async (cell) => {
    expect(await faultsOfLast(['A-2', 'MUG', cell])).toEqual([
      expect.stringContaining('the file ends inside this line'),
    ]);
  },
);

test.each([['12.50'], ['12,50 '], ['GB'], ['']])(
  'a last line without a line end that ends in %j is read',
  async (cell) => {
    expect(await faultsOfLast(['A-2', 'MUG', cell])).toEqual([]);
  },
);

test('a last line without a line end is read when its last cell is not used, and refused when cells are missing', async () => {
  expect(await faultsOfLast(['A-2', 'MUG', '1'], { order_reference: 0, sku: 1 })).toEqual([]);
  expect(await faultsOfLast(['A-2', 'MUG'])).toEqual([expect.stringContaining('the file ends inside this line')]);
});

test('a header that stands in the file again, as in two exports that were put together, is no order', async () => {
  const checker = createLineChecker({ header, columns });
  const rows = [['A-1', 'MUG', '2'], [...header], ['A-2', 'MUG', '1']];
  const lines = await checker.check(rows.map((cells, index) => ({ line: index + 2, cells, isCutOff: false })));
  const all = [...lines, ...checker.finish()];
  expect(all.map(({ line, reference, faults }) => [line, reference, faults])).toEqual([
    [2, 'A-1', []],
    [4, 'A-2', []],
  ]);
});
