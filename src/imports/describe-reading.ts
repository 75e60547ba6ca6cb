import { addressFields, type ImportField, type ImportFormat } from '../domain/import-columns.ts';
import { presetFields, type PresetField } from '../domain/preset-fields.ts';
import { OWN_PRESET, type DateOrder, type DecimalSign } from '../domain/preset.ts';
import { columnsOf, packedColumns } from './presets/map-preset.ts';
import { numberedLines } from './presets/numbered-lines.ts';

/** How a file was read, for those who sent it. */
export interface DescribedReading {
  /** The system that wrote it; `orders` for our own header. */
  readonly recognised: string;
  /** The headers that each field was taken from. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** What is taken for fields that no column states, as the caller or the settings say. */
  readonly assumed: Readonly<Record<string, string>>;
  /** Null for our own header in `new`, where nothing needs to be found. */
  readonly conventions: {
    readonly decimal: DecimalSign | null;
    readonly dates: DateOrder | 'mixed' | null;
    readonly timeZone: string;
  } | null;
}

/** Says which system a file was recognised as, which column was taken for what, and how it writes numbers and dates. */
export function describeReading(format: ImportFormat): DescribedReading {
  const { header, columns, reading } = format;
  const nameOf = (column: number) => header[column] ?? '';
  if (!reading) {
    const used = Object.entries(columns).map(([field, column]) => [field, [nameOf(column)]] as const);
    return { recognised: OWN_PRESET, columns: Object.fromEntries(used), assumed: assumedIn(format), conventions: null };
  }
  const { preset, sources, conventions } = reading;
  const packed = packedColumns(preset, header).map(nameOf);
  const inPacked = preset.packed?.kind === 'named' ? Object.keys(preset.packed.fields) : [];
  const everywhere = [sources, ...numberedLines(preset, header)];
  const used = presetFields.flatMap((field) => {
    const own = everywhere.flatMap((one) => columnsOf(one[field]).map(nameOf));
    const names = own.length === 0 && inPacked.includes(field) ? packed : own;
    return names.length === 0 ? [] : [[field, names] as const];
  });
  const { decimal, dates, timeZone } = conventions;
  return {
    recognised: preset.name,
    columns: Object.fromEntries(used),
    assumed: assumedIn(format),
    conventions: { decimal, dates, timeZone },
  };
}

function assumedIn(format: ImportFormat): Record<string, string> {
  const { columns, reading, defaults, takingIn, createMissing } = format;
  const has = (field: ImportField & PresetField) => (reading ? reading.sources[field] : columns[field]) !== undefined;
  const isCustomerNamed =
    reading !== undefined &&
    (takingIn !== undefined || createMissing?.customers === true) &&
    (has('customer_email') || has('customer_name'));
  const assumed = {
    currency: has('currency') ? currencyOfOthers(format) : defaults.currency,
    country: has('country') ? undefined : countryOf(format),
    source: has('source') ? undefined : defaults.source,
    customer_id: has('customer_id') || isCustomerNamed ? defaults.statedCustomerId : defaults.customerId,
    payment_method: takingIn || (!reading && has('payment_method')) ? undefined : defaults.paymentMethod,
  };
  return Object.fromEntries(
    Object.entries(assumed).flatMap(([field, value]) => (value === undefined ? [] : [[field, value] as const])),
  );
}

/** That of orders which state none in a file in which others do. */
function currencyOfOthers({ reading, defaults }: ImportFormat): string | undefined {
  return reading ? (defaults.statedCurrency ?? reading.conventions.currency ?? undefined) : defaults.currency;
}

/** A file of our own that states addresses has to state their countries, unless the caller does. */
function countryOf({ columns, reading, defaults }: ImportFormat): string | undefined {
  const isOwnAddress = !reading && addressFields.some((field) => columns[field] !== undefined);
  return defaults.addressCountry ?? (isOwnAddress ? undefined : defaults.country);
}
