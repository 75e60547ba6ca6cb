import { csvDelimiters, type CsvDelimiterName } from './csv-delimiter.ts';
import type { FileOrderState, FilePaymentState } from './file-order.ts';
import type { LineField, PresetField } from './preset-fields.ts';

/**
 * Where a field stands: a header; the first filled one of several; several joined by a blank or what `with` says; several that are added up;
 * or the same value in all orders.
 */
export type PresetColumn =
  | string
  | readonly string[]
  | { readonly joined: readonly string[]; readonly with?: string | undefined }
  | { readonly sum: readonly string[] }
  | { readonly value: string };

/** Rows whose cell in `column`, or any cell where it is left out, is, begins with or contains one of these, whatever the case. */
export interface RowCondition {
  readonly column?: string | undefined;
  readonly is?: readonly string[] | undefined;
  readonly starts_with?: readonly string[] | undefined;
  readonly contains?: readonly string[] | undefined;
}

/** What stands for the number of a line in a header. */
export const LINE_NUMBER = '{n}';

/**
 * Several lines in one row. `named`: in one cell, each with names before its values. `json`: in one cell, as JSON. `aligned`: cells of several columns hold the same number of
 * values. `numbered`: each line has columns of its own, whose headers have its number.
 */
export type PackedLines =
  | {
      readonly kind: 'named';
      /** Headers; one that ends in `*` stands for all that begin so. */
      readonly columns: readonly string[];
      readonly between_lines?: string | undefined;
      readonly between_fields: string;
      readonly after_name: string;
      /** The name of each field within a line, or those of which the first that is there counts. */
      readonly fields: Readonly<Partial<Record<PresetField, string | readonly string[]>>>;
    }
  /** In one cell, as JSON: a list of objects, or an object with one. Names are paths, such as `price.amount`. */
  | {
      readonly kind: 'json';
      readonly columns: readonly string[];
      /** Where the list stands in an object; left out, the cell is the list. */
      readonly list?: string | undefined;
      readonly fields: Readonly<Partial<Record<PresetField, string>>>;
    }
  | { readonly kind: 'aligned'; readonly fields: readonly PresetField[]; readonly between_lines: string }
  /** The header of each field, with {@link LINE_NUMBER} in place of the number. */
  | { readonly kind: 'numbered'; readonly fields: Readonly<Partial<Record<LineField, string>>> };

/** What a word of a file says of its tax. `NOT_IN_TOTAL`: somebody else collects it, and it is no part of what the order comes to. */
export const taxWords = ['INCLUDED', 'ON_TOP', 'NOT_IN_TOTAL'] as const;

export type TaxWord = (typeof taxWords)[number];

/** Whether prices hold the tax. */
export type TaxBasis = Exclude<TaxWord, 'NOT_IN_TOTAL'>;

/** The order of day, month and year in dates that are written with numbers. */
export const dateOrders = ['DMY', 'MDY', 'YMD'] as const;

export type DateOrder = (typeof dateOrders)[number];

/** What the words of a file mean. The empty word is what an empty cell means. */
export interface PresetWords {
  readonly state?: Readonly<Record<string, FileOrderState>> | undefined;
  readonly payment_state?: Readonly<Record<string, FilePaymentState>> | undefined;
  readonly line_state?: Readonly<Record<string, FileOrderState>> | undefined;
  readonly tax_basis?: Readonly<Record<string, TaxWord>> | undefined;
}

/** How the files of one system are read: data only, the same for our own presets and for a merchant's. */
export interface Preset {
  /** What `preset=` calls it, and the `source` of its orders. */
  readonly name: string;
  readonly title: string;
  /** A header with all of `headers` and none of `unless` is one of this system. */
  readonly recognise?:
    | readonly { readonly headers: readonly string[]; readonly unless?: readonly string[] | undefined }[]
    | undefined;
  /** What separates the cells of its files that are never in quotes: there a `"` is a character like any other. */
  readonly unquoted?: readonly CsvDelimiterName[] | undefined;
  /** Headers that its files may have twice, of which the first counts, as where the billing address has the headers of the shipping address. */
  readonly twice?: readonly string[] | undefined;
  readonly columns: Readonly<Partial<Record<PresetField, PresetColumn>>>;
  readonly rows?:
    | {
        /** Rows that are no part of any order. */
        readonly skip?: readonly RowCondition[] | undefined;
        /** Rows that state what holds for the order, and no line; so does every row that names no product. */
        readonly summary?: readonly RowCondition[] | undefined;
        /** Rows that tell of goods returned and money refunded. */
        readonly refunds?: readonly RowCondition[] | undefined;
        /** Rows of orders that were cancelled as a whole; their signs don't count. */
        readonly cancelled?: readonly RowCondition[] | undefined;
        /** What a row without a reference is: a part of the order above it (so by default), or a fault. */
        readonly without_reference?: 'above' | 'refuse' | undefined;
      }
    | undefined;
  readonly packed?: PackedLines | undefined;
  readonly words?: PresetWords | undefined;
  /** What holds for an order of which neither a word nor a date says it. */
  readonly defaults?:
    | { readonly state?: FileOrderState | undefined; readonly payment_state?: FilePaymentState | undefined }
    | undefined;
  readonly amounts?:
    | {
        /** Whether `unit_price` is that of one piece (so by default) or of the line; `auto`: whichever comes to the stated total. */
        readonly unit_price?: 'unit' | 'line' | 'auto' | undefined;
        /** Whether `line_total` is meant before the line's discount (so by default) or after it. */
        readonly line_total?: 'before-discount' | 'after-discount' | undefined;
        /** Whether prices hold the tax; `auto`, the default: whichever comes to the stated total. */
        readonly tax?: 'included' | 'on-top' | 'auto' | undefined;
        /** Whether `discount` holds the discounts of the lines; `auto`, the default: whichever comes to the stated total. */
        readonly line_discounts?: 'separate' | 'within-discount' | 'auto' | undefined;
        /** Whether amounts are written in minor units, such as cents. */
        readonly minor_units?: boolean | undefined;
        /** The currency of a sign that several currencies have, such as `$`. */
        readonly signs?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly dates?:
    | {
        readonly order?: DateOrder | undefined;
        readonly time_zone?: string | undefined;
        /** What a date counts since 1970 in UTC that is a number; 0 is none. */
        readonly unix?: 'seconds' | 'milliseconds' | undefined;
      }
    | undefined;
}

/** The name of the preset of files with our own header. */
export const OWN_PRESET = 'orders';

/** Whether the cells of a preset's file with this delimiter are never in quotes. */
export function isUnquoted({ unquoted = [] }: Pick<Preset, 'unquoted'>, delimiter: string): boolean {
  return unquoted.some((name) => csvDelimiters[name] === delimiter);
}

/** A {@link PresetColumn} in the header of a file: columns by index. */
export type ColumnSource =
  | { readonly kind: 'first' | 'sum'; readonly columns: readonly number[] }
  | { readonly kind: 'joined'; readonly columns: readonly number[]; readonly with: string }
  | { readonly kind: 'value'; readonly value: string };

/** The decimal sign that numbers show; `mixed` where some show the one and some the other. */
export type DecimalSign = '.' | ',' | 'mixed';

/** How a file writes its numbers and dates, as far as it shows it itself or the caller has said it. */
export interface FileConventions {
  /** By column; a column that is not in it shows nothing. */
  readonly decimalOfColumn: Readonly<Record<string, DecimalSign>>;
  /** That of all columns; null where no number of the file shows it. */
  readonly decimal: DecimalSign | null;
  readonly dates: DateOrder | 'mixed' | null;
  /** The only one that its column of currencies states; null where it states none, or several. */
  readonly currency: string | null;
  /** Of times that state none: an IANA name. */
  readonly timeZone: string;
}

/** How the lines of a file become {@link FileOrder}s. */
export interface FileReading {
  readonly preset: Preset;
  readonly sources: Readonly<Partial<Record<PresetField, ColumnSource>>>;
  readonly conventions: FileConventions;
  /** By how much, in major units, the stated total may differ from the sum; the difference is kept as a fee or a discount. */
  readonly tolerance: string | null;
  /** Where prices come from that the file does not state. */
  readonly prices: 'file' | 'catalogue';
}
