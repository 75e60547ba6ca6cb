import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvParser, type CsvRow } from '../../src/imports/parse-csv.ts';
import { readCsv } from '../../src/imports/read-csv.ts';

async function read(text: string, { delimiter, size = 7 }: { delimiter?: string; size?: number } = {}) {
  const seen: { header: string[]; delimiter: string; rows: CsvRow[] } = { header: [], delimiter: '', rows: [] };
  await readCsv(
    pieces(text, size),
    {
      onHeader: (header, found) => Object.assign(seen, { header, delimiter: found }),
      onRows: (rows) => {
        seen.rows.push(...rows);
        return Promise.resolve();
      },
    },
    delimiter,
  );
  return seen;
}

/** The rows of a text that comes in pieces, or why it is refused. */
function rowsOf(text: string, size: number): CsvRow[] | string {
  const parser = new CsvParser(',');
  const rows: CsvRow[] = [];
  try {
    for (let at = 0; at < text.length; at += size) rows.push(...parser.read(text.slice(at, at + size)));
    return [...rows, ...parser.end()];
  } catch (error) {
    return String(error);
  }
}

async function* endless() {
  for (;;) yield 'x'.repeat(10_000);
}

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

describe('a CSV file', () => {
  test.each([',', ';', '\t', '|'])('is delimited by %j if its header is', async (delimiter) => {
    const {
      header,
      rows,
      delimiter: found,
    } = await read(`a${delimiter}"b, c; d"${delimiter}e\n1${delimiter}2${delimiter}3\n`);
    expect([header, found, rows]).toEqual([
      ['a', 'b, c; d', 'e'],
      delimiter,
      [{ line: 2, cells: ['1', '2', '3'], isCutOff: false }],
    ]);
  });

  test('is read with the delimiter that the caller states', async () => {
    expect((await read('a;b,c\n1;2,3\n', { delimiter: ';' })).rows[0]?.cells).toEqual(['1', '2,3']);
  });

  test.each(['\n', '\r\n', '\r'])(
    'may have line ends %j, a byte order mark and blank lines, and rows keep their lines',
    async (end) => {
      const { header, rows } = await read(['\ufeffa,b', '1,2', '', ' ,', '"x', 'y",3', '4,5'].join(end));
      expect(header).toEqual(['a', 'b']);
      expect(rows.map(({ cells }) => cells)).toEqual([
        ['1', '2'],
        [`x${end}y`, '3'],
        ['4', '5'],
      ]);
      expect(rows.map(({ line }) => line)).toEqual([2, 5, 7]);
    },
  );

  test('may have inch marks and doubled quotes', async () => {
    expect((await read('a,b\nSHELF 6" WIDE,"say ""hi"""\n')).rows[0]?.cells).toEqual(['SHELF 6" WIDE', 'say "hi"']);
  });

  test.each(['a,b\n"1"x,2\n', 'a,b\n"12 inch,1\n2,"3\n', 'a,b\n"x" ,1\n', '"a"b,c\n1,2\n'])(
    'with a cell that goes on after its closing quote is refused: %j',
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({
        code: 'VALIDATION',
        message: expect.stringMatching(/line \d.*closing quote/),
      });
    },
  );

  test.each([
    ['a,b\n1,2\n3,4', true],
    ['a,b\n1,2\n3,', true],
    ['a,b\n1,2\n3', true],
    ['a,b\n1,2\n3,4\n', false],
    ['a,b\n1,2\n3,4\r', false],
    ['a,b\n1,2\n3,"4"', false],
    ['a,b\n1,2\n3,4\n  ', false],
  ])('that ends inside its last line has that line cut off: %j', async (text, isCutOff) => {
    for (const size of [1, 3, 1_000]) {
      const { rows } = await read(text, { size });
      expect(rows.map((row) => row.isCutOff)).toEqual([...rows.slice(1).map(() => false), isCutOff]);
    }
  });

  test.each(['', '  \n\n', '\ufeff'])('%j is empty', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'VALIDATION', message: expect.stringContaining('empty') });
  });

  test('with an unclosed quote is refused with its line', async () => {
    await expect(read('a,b\n1,2\n"3,4\n5,6\n')).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringMatching(/line \d+ has in cell \d+ a quote that is never closed/),
    });
  });

  test('has the rows that another reader of CSV finds in it, in whatever pieces it comes, or is refused', () => {
    const texts = fc.array(fc.constantFrom('a', 'é', '"', '""', ',', '\n', '\r', ' '), { maxLength: 14 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 5 }), (parts, size) => {
        const text = parts.join('');
        const [whole, inPieces] = [rowsOf(text, text.length + 1), rowsOf(text, size)];
        expect(inPieces).toEqual(whole);
        if (typeof whole === 'string') return;
        const other = parse(text, {
          relax_column_count: true,
          relax_quotes: true,
          skip_empty_lines: true,
          record_delimiter: ['\r\n', '\n', '\r'],
        });
        expect(whole.map(({ cells }) => cells)).toEqual(
          other.filter((cells) => cells.some((cell) => cell.trim() !== '')),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  test('whose first line never ends is refused before it fills the memory', async () => {
    const nothing = { onHeader: () => {}, onRows: () => Promise.resolve() };
    await expect(readCsv(endless(), nothing)).rejects.toMatchObject({ code: 'VALIDATION' });
  });
});
