import type { ImportFormat } from '../domain/import-columns.ts';
import { presetFields } from '../domain/preset-fields.ts';
import type { DateOrder, DecimalSign } from '../domain/preset.ts';
import { columnsOf, packedColumns } from './presets/map-preset.ts';
import { OWN_PRESET } from './presets/read-file-order.ts';

/** How a file was read, for those who sent it. */
export interface DescribedReading {
  /** The system that wrote it; `orders` for our own header. */
  readonly recognised: string;
  /** The headers that each field was taken from. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Null for our own header in `new`, where nothing needs to be found. */
  readonly conventions: {
    readonly decimal: DecimalSign | null;
    readonly dates: DateOrder | 'mixed' | null;
    readonly timeZone: string;
  } | null;
}

/** Says which system a file was recognised as, which column was taken for what, and how it writes numbers and dates. */
export function describeReading({ header, columns, reading }: ImportFormat): DescribedReading {
  const nameOf = (column: number) => header[column] ?? '';
  if (!reading) {
    const used = Object.entries(columns).map(([field, column]) => [field, [nameOf(column)]] as const);
    return { recognised: OWN_PRESET, columns: Object.fromEntries(used), conventions: null };
  }
  const { preset, sources, conventions } = reading;
  const packed = packedColumns(preset, header).map(nameOf);
  const inPacked = preset.packed?.kind === 'named' ? Object.keys(preset.packed.fields) : [];
  const used = presetFields.flatMap((field) => {
    const own = columnsOf(sources[field]).map(nameOf);
    const names = own.length === 0 && inPacked.includes(field) ? packed : own;
    return names.length === 0 ? [] : [[field, names] as const];
  });
  const { decimal, dates, timeZone } = conventions;
  return { recognised: preset.name, columns: Object.fromEntries(used), conventions: { decimal, dates, timeZone } };
}
