import {
  importFields,
  mapColumns,
  type ImportField,
  type ImportFormat,
  type ImportMode,
  type TakingIn,
} from '../domain/import-columns.ts';
import type { PresetField } from '../domain/preset-fields.ts';
import { OWN_PRESET, type DateOrder, type FileReading, type Preset } from '../domain/preset.ts';
import { Refusal, type RefusalDetail } from '../domain/refusal.ts';
import type { ReferencedLine } from '../repositories/import-uploads.ts';
import { decodeText, type Encoding } from './decode-text.ts';
import { createLineChecker, type LineChecker } from './check-lines.ts';
import { choosePreset, findHeader, type PresetChoice } from './presets/choose-preset.ts';
import { mapPreset } from './presets/map-preset.ts';
import { describeOtherReport } from './presets/other-reports.ts';
import { createPresetLineChecker, type PresetLineChecker } from './presets/preset-line-checker.ts';
import type { CsvRow } from './parse-csv.ts';
import { readCsv } from './read-csv.ts';
import { UploadTooLargeError } from './upload-too-large-error.ts';

/** What a caller says of a file's format; what is undefined is read from the file. */
export interface FileFormat {
  readonly encoding: Encoding | undefined;
  readonly delimiter: string | undefined;
  /** The headers of fields that don't have a usual one. */
  readonly named: Readonly<Partial<Record<ImportField | PresetField, string>>>;
  readonly defaults: ImportFormat['defaults'];
  /** Which system wrote it; recognised by its header where it is left out. */
  readonly preset?: PresetChoice | undefined;
  /** Whether its orders are placed, as they are unless it says otherwise, or taken in as they stood. */
  readonly mode?: ImportMode | undefined;
  /** How they are taken in, with `mode` history. */
  readonly takingIn?: TakingIn | undefined;
  readonly tolerance?: string | undefined;
  /** Of numbers that may have another one. */
  readonly decimal?: '.' | ',' | undefined;
  readonly dateOrder?: DateOrder | undefined;
  /** Of times that state none; UTC unless the preset or the caller says otherwise. */
  readonly timeZone?: string | undefined;
  readonly prices?: FileReading['prices'] | undefined;
  readonly createMissing?: ImportFormat['createMissing'];
}

/** A file of 100 MB with more rows has lines too short to be orders. */
const MAX_ROWS = 2_000_000;

/**
 * Reads a file's bytes as order lines and hands them to `append` in pages, each after the one before is done.
 * Returns how to read the lines. Throws VALIDATION when the header misses a field, or the file has no rows, too many, or can't be read.
 */
export async function readOrderLines(
  bytes: AsyncIterable<Uint8Array>,
  options: FileFormat,
  append: (lines: readonly ReferencedLine[]) => Promise<void>,
): Promise<ImportFormat> {
  const { encoding, delimiter: stated, preset: choice, mode = 'new' } = options;
  let reader: FileReader | undefined;
  let rowCount = 0;
  const onHeader = (header: string[], delimiter: string) => {
    const preset = choosePreset(header, { choice, mode });
    if (choice === undefined || choice === 'auto') requireOrders(header, preset, options);
    reader = preset ? presetReader(preset, header, delimiter, options) : plainReader(header, delimiter, options);
  };
  const onRows = async (rows: readonly CsvRow[]) => {
    rowCount += rows.length;
    if (rowCount > MAX_ROWS) throw tooManyRows();
    await append((await reader?.checker.check(rows)) ?? []);
  };
  const find = (lines: readonly string[], separator: string | undefined) =>
    findHeader(lines, { choice, mode, separator, named: options.named });
  await readCsv(decodeText(bytes, encoding), { findHeader: find, onHeader, onRows }, stated);
  await append(reader?.checker.finish() ?? []);
  if (!reader || rowCount === 0) {
    throw new Refusal('VALIDATION', 'The file has a header and no rows.', {
      details: [{ pointer: '', message: 'has no rows' }],
    });
  }
  return reader.conclude();
}

/** Checks the rows of a file, and says how its lines are read once all have been seen. */
interface FileReader {
  readonly checker: LineChecker;
  readonly conclude: () => ImportFormat;
}

/** A file of our own header, whose lines make requests of `POST /orders` straight. */
function plainReader(header: string[], delimiter: string, { named, defaults, createMissing }: FileFormat): FileReader {
  const { columns, faults } = mapColumns(header, named);
  if (faults.length > 0) throw badHeader(header, faults);
  const format = { delimiter, header, columns, defaults, ...(createMissing && { createMissing }) };
  return { checker: createLineChecker(format), conclude: () => format };
}

/** A file of another system. */
function presetReader(preset: Preset, header: string[], delimiter: string, options: FileFormat): FileReader {
  const { sources, faults } = mapPreset(preset, header, options.named);
  if (faults.length > 0) throw badHeader(header, faults, preset);
  const checker: PresetLineChecker = createPresetLineChecker({ preset, sources }, header);
  return {
    checker,
    conclude: () => {
      const shown = checker.conclude();
      const reading: FileReading = {
        preset,
        sources,
        conventions: {
          ...shown,
          ...(options.decimal !== undefined && { decimal: options.decimal, decimalOfColumn: {} }),
          dates: options.dateOrder ?? shown.dates ?? preset.dates?.order ?? null,
          timeZone: options.timeZone ?? preset.dates?.time_zone ?? 'UTC',
        },
        tolerance: options.tolerance ?? null,
        prices: options.prices ?? 'file',
      };
      const { defaults, takingIn, createMissing } = options;
      const terms = { ...(takingIn && { takingIn }), ...(createMissing && { createMissing }) };
      return { delimiter, header, columns: {}, defaults, reading, ...terms };
    },
  };
}

/** Refuses what is known to hold no orders, though it may have columns for some of their fields, unless the caller names columns. */
function requireOrders(header: readonly string[], preset: Preset | undefined, { named }: FileFormat): void {
  const isRecognised = preset !== undefined && preset.name !== OWN_PRESET;
  const other = isRecognised || Object.keys(named).length > 0 ? undefined : describeOtherReport(header);
  if (other !== undefined) throw badHeader(header, [other]);
}

function badHeader(header: readonly string[], faults: readonly string[], preset?: Preset): Refusal {
  const found = header.slice(0, 100).map((name) => name.slice(0, 100));
  const details: RefusalDetail[] = faults.map((message) => ({ pointer: '', line: 1, message }));
  const as = preset === undefined ? '' : ` as ${preset.name}`;
  const why = isInOneCell(header) ? `${IN_ONE_CELL}. ` : '';
  return new Refusal(
    'VALIDATION',
    `The header can't be used${as}: ${why}${faults.join('; ')}. Found: ${found.join(', ')}.`,
    {
      details: [...details, { found }, { expected: Object.values(importFields).map(([usual]) => usual) }],
    },
  );
}

/** Whether each line of the file stands in quotes as a whole, as spreadsheets save a table that they did not split. */
function isInOneCell(header: readonly string[]): boolean {
  const [first = '', ...others] = header.filter((name) => name !== '');
  return others.length === 0 && /\w[,;|\t]\w/.test(first);
}

const IN_ONE_CELL =
  'the whole line is one cell, in quotes or with another delimiter than the file says: save it again with each value in a cell of its own';

function tooManyRows(): UploadTooLargeError {
  return new UploadTooLargeError(
    `The file has more than ${MAX_ROWS} rows: send it in parts.`,
    `have at most ${MAX_ROWS} rows`,
  );
}
