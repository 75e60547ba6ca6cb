import { chunked, whole, type HostileRequest, type Tokens } from './hostile-request.ts';

const MEGABYTE = 1_000_000;
const header = 'order_reference,sku,quantity\n';

/** CSV that is made to be slow. */
export function hostileFiles({ service }: Tokens): HostileRequest[] {
  const csv = { 'content-type': 'text/csv' };
  const send = (name: string, file: string | Buffer, expects: readonly number[], says = /./) => ({
    name,
    expects,
    says,
    pieces: whole('POST /api/v1/imports', service, file, csv),
  });
  const stream = (name: string, chunks: () => Iterable<string>, expects: readonly number[], says = /./) => ({
    name,
    expects,
    says,
    pieces: chunked('POST /api/v1/imports', service, chunks, csv),
  });
  return [
    send('one line of one letter', 'a'.repeat(128_000), [400], /line 1 /),
    send('one line of one letter, and an end', `${'a'.repeat(60_000)}\n`, [400]),
    send('one line of blanks', ' '.repeat(3 * MEGABYTE), [400]),
    send('a line of commas', header + ','.repeat(30 * MEGABYTE), [400], /line 2 /),
    send('lines of commas', header + `${','.repeat(600)}\n`.repeat(10_000), [400], /line 2 has 601 columns/),
    send('a header of many columns', `${'a,'.repeat(30_000)}\n`, [400], /line 1 has 30001 columns/),
    send('a long cell', `${header}A,${'x'.repeat(70_000)},1\n`, [400], /line 2 has a cell/),
    send('a quote that is never closed', `${header}A,"${'x\n'.repeat(5 * MEGABYTE)}`, [400], /never closed/),
    send('quotes', header + '"'.repeat(MEGABYTE - 1), [400]),
    send('quotes and letters', `${header}A,${'"x'.repeat(400_000)}\n`, [400]),
    send('quotes in the header', '"'.repeat(60_001), [400]),
    send('pairs of quotes in the header', `${'"" '.repeat(20_000)}\n`, [400]),
    send('ends of lines', header + '\n'.repeat(3 * MEGABYTE), [400], /no rows/),
    send('returns', header + '\r'.repeat(3 * MEGABYTE), [400], /no rows/),
    send('blank lines before the header', '\n'.repeat(3 * MEGABYTE), [400]),
    send('rows of nothing', header + ' , , \n'.repeat(300_000), [400], /no rows/),
    send('NUL characters', Buffer.alloc(2 * MEGABYTE), [400]),
    send(
      'a mark, and bytes that are no UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(MEGABYTE, 0xd8)]),
      [400],
    ),
    send('the beginning of a character, again and again', Buffer.alloc(MEGABYTE, 0xe2), [400]),
    send('compressed', Buffer.from([0x1f, 0x8b, 0, 0]), [400], /gzip/),
    stream(
      'a header, a few letters at a time',
      function* () {
        for (let n = 0; n < 7_500; n += 1) yield 'aaaaaaaa';
      },
      [400],
    ),
    stream(
      'rows that are long',
      function* () {
        yield header;
        for (let n = 0; n < 40; n += 1) yield `A,${'x'.repeat(60_000)},${'y,'.repeat(400)}\n`;
      },
      [202, 400],
    ),
    send('cells of what looks like card numbers', `${header}A,${`${'4 '.repeat(30_000)},`.repeat(16)}1\n`, [202]),
    send('cells of digits that stand for two', `${header}A,${`${'\u32b7'.repeat(60_000)},`.repeat(5)}1\n`, [202]),
    send('a cell of quotes that go on', `${header}A,"x"${'y'.repeat(900_000)}\n`, [400], /closing quote/),
    stream(
      'one order of many lines',
      function* () {
        yield header;
        for (let n = 0; n < 100; n += 1) yield 'A,MUG,1\n'.repeat(1_000);
      },
      [202],
    ),
    send('a type of many parameters', header, [400, 415, 202], /./),
  ];
}
