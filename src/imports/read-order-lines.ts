import { importFields, mapColumns, type ImportField, type ImportFormat } from '../domain/import-columns.ts';
import { Refusal, type RefusalDetail } from '../domain/refusal.ts';
import type { ReferencedLine } from '../repositories/import-uploads.ts';
import { decodeText, type Encoding } from './decode-text.ts';
import { createLineChecker, type LineChecker } from './check-lines.ts';
import { readCsv, type CsvRow } from './read-csv.ts';
import { UploadTooLargeError } from './upload-too-large-error.ts';

/** What a caller says of a file's format; what is undefined is read from the file. */
export interface FileFormat {
  readonly encoding: Encoding | undefined;
  readonly delimiter: string | undefined;
  /** The headers of fields that don't have a usual one. */
  readonly named: Readonly<Partial<Record<ImportField, string>>>;
  readonly defaults: ImportFormat['defaults'];
}

/** A file of 100 MB with more rows has lines too short to be orders. */
const MAX_ROWS = 2_000_000;

/**
 * Reads a file's bytes as order lines and hands them to `append` in pages, each after the one before is done.
 * Returns how to read the lines. Throws VALIDATION when the header misses a field, or the file has no rows, too many, or can't be read.
 */
export async function readOrderLines(
  bytes: AsyncIterable<Uint8Array>,
  { encoding, delimiter: stated, named, defaults }: FileFormat,
  append: (lines: readonly ReferencedLine[]) => Promise<void>,
): Promise<ImportFormat> {
  let format: ImportFormat | undefined;
  let checker: LineChecker | undefined;
  let rowCount = 0;
  const onHeader = (header: string[], delimiter: string) => {
    const { columns, faults } = mapColumns(header, named);
    if (faults.length > 0) throw badHeader(header, faults);
    format = { delimiter, header, columns, defaults };
    checker = createLineChecker(format);
  };
  const onRows = async (rows: readonly CsvRow[]) => {
    rowCount += rows.length;
    if (rowCount > MAX_ROWS) throw tooManyRows();
    await append((await checker?.check(rows)) ?? []);
  };
  await readCsv(decodeText(bytes, encoding), { onHeader, onRows }, stated);
  await append(checker?.finish() ?? []);
  if (!format || rowCount === 0) {
    throw new Refusal('VALIDATION', 'The file has a header and no rows.', {
      details: [{ pointer: '', message: 'has no rows' }],
    });
  }
  return format;
}

function badHeader(header: readonly string[], faults: readonly string[]): Refusal {
  const found = header.slice(0, 100).map((name) => name.slice(0, 100));
  const details: RefusalDetail[] = faults.map((message) => ({ pointer: '', line: 1, message }));
  return new Refusal('VALIDATION', `The header can't be used: ${faults.join('; ')}. Found: ${found.join(', ')}.`, {
    details: [...details, { found }, { expected: Object.values(importFields).map(([usual]) => usual) }],
  });
}

function tooManyRows(): UploadTooLargeError {
  return new UploadTooLargeError(
    `The file has more than ${MAX_ROWS} rows: send it in parts.`,
    `have at most ${MAX_ROWS} rows`,
  );
}
