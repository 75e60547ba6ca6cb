import fc from 'fast-check';

/** A row as its author means it. */
export interface MeantRow {
  readonly reference: string;
  readonly sku: string;
  readonly quantity: number;
  /** In minor units. */
  readonly price: number;
  readonly customer: string;
  readonly country: string;
  readonly notes: string;
}

/** How a file is written: what spreadsheets, programs and people do to it. */
export interface Writing {
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly encoding: 'utf-8' | 'utf-8 with a mark' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly currency: 'EUR' | 'KWD' | 'JPY';
  readonly numbers: NumberStyle;
  readonly quotesEverything: boolean;
  readonly blanksAround: string;
  readonly blankLines: boolean;
  readonly endsLastLine: boolean;
  readonly headers: readonly string[];
}

/** Signs of numbers, and how many decimals a quantity has. */
export interface NumberStyle {
  readonly decimal: '.' | ',';
  readonly group: '' | '.' | ',' | ' ';
  readonly quantityDecimals: number;
}

const decimalsOf = { EUR: 2, KWD: 3, JPY: 0 } as const;

const headerSets = [
  ['order_reference', 'sku', 'quantity', 'unit_price', 'customer_id', 'country', 'notes', 'Description'],
  ['Invoice No', 'StockCode', 'Qty', 'Price', 'Customer', 'Country Code', 'Comment', 'Colour'],
];

/** Rows of a few orders; those of one order follow each other. */
export const meantRows: fc.Arbitrary<MeantRow[]> = fc
  .array(
    fc.record({
      items: fc.array(
        fc.record({
          sku: fc.constantFrom('MUG', 'A-1', '85123A', 'TEE;RED', 'PIPE 6" WIDE', 'X,Y', 'ZOË|1'),
          quantity: fc.constantFrom(1, 2, 10, 12, 999, 1_000, 1_234, 2_000, 10_000),
          price: fc.constantFrom(1, 50, 1_234, 1_250, 12_500, 100_000, 1_234_000, 999_999_999),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      customer: fc.constantFrom('alice', 'acme.0', '17850', 'Zoë'),
      country: fc.constantFrom('GB', 'DE', 'FR'),
      notes: fc.constantFrom('', 'gift', 'say "hi"', 'two\nlines', 'a; b, c | d', 'Grüße, 5 €'),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((orders) =>
    orders.flatMap(({ items, ...order }, index) =>
      items.map((item) => ({ ...item, ...order, reference: `R-${index + 1}` })),
    ),
  );

/** Any writing. A file delimited by commas has decimal points: that is what its delimiter says. */
export const writings: fc.Arbitrary<Writing> = fc
  .record({
    delimiter: fc.constantFrom<Writing['delimiter'][]>(',', ';', '\t', '|'),
    lineEnd: fc.constantFrom<Writing['lineEnd'][]>('\n', '\r\n', '\r'),
    encoding: fc.constantFrom<Writing['encoding'][]>(
      'utf-8',
      'utf-8 with a mark',
      'utf-16le',
      'utf-16be',
      'windows-1252',
    ),
    currency: fc.constantFrom<Writing['currency'][]>('EUR', 'KWD', 'JPY'),
    numbers: fc.record({
      decimal: fc.constantFrom<NumberStyle['decimal'][]>('.', ','),
      group: fc.constantFrom<NumberStyle['group'][]>('', '.', ',', ' '),
      quantityDecimals: fc.nat(4),
    }),
    quotesEverything: fc.boolean(),
    blanksAround: fc.constantFrom('', ' ', '\u00a0'),
    blankLines: fc.boolean(),
    endsLastLine: fc.boolean(),
    headers: fc.constantFrom(...headerSets),
  })
  .filter(({ numbers: { decimal, group }, delimiter }) => group !== decimal && (delimiter !== ',' || decimal === '.'));

/** A writing in which nothing is ambiguous: every file in it has to be read. */
export const plainWritings: fc.Arbitrary<Writing> = writings.map((writing) => ({
  ...writing,
  numbers: {
    decimal: writing.delimiter === ';' && writing.currency !== 'KWD' ? writing.numbers.decimal : '.',
    group: '',
    quantityDecimals: writing.numbers.quantityDecimals % 3,
  },
  // A price in KWD such as 1.250 needs a delimiter that says what the point is.
  delimiter: writing.currency === 'KWD' ? ',' : writing.delimiter,
  endsLastLine: true,
}));

/** What stands in the last column, which is not used. */
export const UNUSED = 'anything';

/** The bytes of a file of these rows. */
export function writeFile(rows: readonly MeantRow[], writing: Writing): Buffer {
  const { delimiter, lineEnd, headers, currency, numbers, blankLines, endsLastLine } = writing;
  const lines = [headers.join(delimiter)];
  for (const row of rows) {
    const cells = [
      row.reference,
      row.sku,
      writeNumber(row.quantity, 0, numbers) + decimalsOfZero(numbers),
      writeNumber(row.price, decimalsOf[currency], numbers),
      row.customer,
      row.country,
      row.notes,
      UNUSED,
    ];
    if (blankLines) lines.push('');
    lines.push(cells.map((cell) => writeCell(cell, writing)).join(delimiter));
  }
  return Buffer.concat([
    MARKS[writing.encoding],
    encode(lines.join(lineEnd) + (endsLastLine ? lineEnd : ''), writing.encoding),
  ]);
}

function writeCell(cell: string, { delimiter, quotesEverything, blanksAround }: Writing): string {
  const isSpecial = cell.includes(delimiter) || /^"|[\r\n]/.test(cell);
  if (isSpecial || quotesEverything) return `"${cell.replaceAll('"', '""')}"`;
  return blanksAround + cell + blanksAround;
}

function writeNumber(minor: number, decimals: number, { decimal, group }: NumberStyle): string {
  const digits = String(minor).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replaceAll(/\B(?=(\d{3})+$)/g, group);
  return decimals === 0 ? whole : whole + decimal + digits.slice(-decimals);
}

function decimalsOfZero({ decimal, quantityDecimals }: NumberStyle): string {
  return quantityDecimals === 0 ? '' : decimal + '0'.repeat(quantityDecimals);
}

const MARKS: Readonly<Record<Writing['encoding'], Buffer>> = {
  'utf-8': Buffer.of(),
  'utf-8 with a mark': Buffer.of(0xef, 0xbb, 0xbf),
  'utf-16le': Buffer.of(0xff, 0xfe),
  'utf-16be': Buffer.of(0xfe, 0xff),
  'windows-1252': Buffer.of(),
};

/** The bytes of a text inside a file of this encoding. */
export function encode(text: string, encoding: Writing['encoding']): Buffer {
  if (encoding.startsWith('utf-8')) return Buffer.from(text);
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  return Buffer.from(text.replaceAll('€', '\x80'), 'latin1');
}
