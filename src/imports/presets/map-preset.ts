import { normaliseHeader } from '../../domain/import-columns.ts';
import { presetFields, type PresetField } from '../../domain/preset-fields.ts';
import {
  OWN_PRESET,
  type ColumnSource,
  type FileReading,
  type Preset,
  type PresetColumn,
} from '../../domain/preset.ts';
import { headersTwice, numberedLines } from './numbered-lines.ts';

/** Where the fields of a preset stand in a header, and what is wrong with the header: with any fault they are not to be used. */
export interface MappedPreset {
  readonly sources: FileReading['sources'];
  readonly faults: readonly string[];
}

/** The headers of fields that the caller knows better than the preset, or `-` for none. */
export type NamedColumns = Readonly<Partial<Record<PresetField, string>>>;

/** What a caller names as the column of a field that the file does not have. */
const NO_COLUMN = '-';

/** An order needs a column for one field of each group; those that are packed in other cells count. */
const required: readonly (readonly PresetField[])[] = [
  ['order_reference'],
  ['sku', 'product_id', 'product_name'],
  ['quantity'],
];

/** Finds the columns of a preset in `header`; `named` gives the header of a field that the caller knows better, or `-` for none. */
export function mapPreset(preset: Preset, header: readonly string[], named: NamedColumns): MappedPreset {
  const faults: string[] = [];
  const sources: Partial<Record<PresetField, ColumnSource>> = {};
  const places = indexHeader(header);
  const mayRepeat = new Set(preset.twice?.map(normaliseHeader));
  const find = (name: string, field: PresetField): number[] => {
    const [first, second] = places.get(normaliseHeader(name)) ?? [];
    if (first !== undefined && second !== undefined && !mayRepeat.has(normaliseHeader(name))) {
      faults.push(
        `the header "${header[first] ?? ''}" occurs twice, in columns ${first + 1} and ${second + 1}, and ${field} is read from it`,
      );
    }
    return first === undefined ? [] : [first];
  };
  for (const field of presetFields) {
    const name = named[field];
    if (name === NO_COLUMN) continue;
    const column = name ?? preset.columns[field];
    if (column === undefined) continue;
    const source = locate(column, (one) => find(one, field));
    if (source) sources[field] = source;
    else if (name !== undefined) faults.push(`column.${field} names "${name}", which the header does not have`);
    if (preset.name === OWN_PRESET && source?.kind === 'first') faults.push(...choiceOf(field, source.columns, header));
  }
  // Of our own header `state` is how the order stands, as well as a part of many addresses: it is never both.
  if (preset.name === OWN_PRESET && named.region === undefined && isSameColumn(sources.region, sources.state)) {
    delete sources.region;
  }
  const numbered = numberedLines(preset, header);
  faults.push(...headersTwice(numbered, header).map((both) => `the headers ${both} have the same number`));
  faults.push(...missingFields(preset, [sources, ...numbered]));
  return { sources, faults: [...new Set(faults)] };
}

/** Asks to choose where two columns of our own header may be the same field. */
function choiceOf(field: PresetField, columns: readonly number[], header: readonly string[]): string[] {
  if (columns.length < 2) return [];
  const names = columns.map((column) => `"${header[column] ?? ''}"`).join(' and ');
  return [`the headers ${names} may both be ${field}: name the one to use with column.${field}=…`];
}

function isSameColumn(one: ColumnSource | undefined, other: ColumnSource | undefined): boolean {
  const [column] = columnsOf(one);
  return column !== undefined && column === columnsOf(other)[0];
}

/** The columns of each header, by its normalised name. */
export function indexHeader(header: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const columns = new Map<string, number[]>();
  for (const [column, name] of header.entries()) {
    const key = normaliseHeader(name);
    const known = columns.get(key);
    if (known) known.push(column);
    else columns.set(key, [column]);
  }
  return columns;
}

function locate(column: PresetColumn, find: (name: string) => number[]): ColumnSource | undefined {
  if (typeof column === 'string') return ofColumns('first', find(column));
  if ('value' in column) return { kind: 'value', value: column.value };
  if ('joined' in column) {
    const columns = column.joined.flatMap(find);
    return columns.length === 0 ? undefined : { kind: 'joined', columns, with: column.with ?? ' ' };
  }
  if ('sum' in column) return ofColumns('sum', column.sum.flatMap(find));
  return ofColumns('first', column.flatMap(find));
}

function ofColumns(kind: 'first' | 'sum', columns: readonly number[]): ColumnSource | undefined {
  return columns.length === 0 ? undefined : { kind, columns };
}

function missingFields({ packed, columns }: Preset, sources: readonly FileReading['sources'][]): string[] {
  return required.flatMap((fields) => {
    const isThere = fields.some(
      (field) =>
        sources.some((one) => one[field] !== undefined) ||
        ((packed?.kind === 'named' || packed?.kind === 'json') && packed.fields[field] !== undefined),
    );
    if (isThere) return [];
    const numbered: Readonly<Partial<Record<PresetField, string>>> = packed?.kind === 'numbered' ? packed.fields : {};
    const usual = fields.flatMap((field) => numbered[field] ?? namesOf(columns[field])).join(', ');
    return [
      `no column for ${fields.join(' or ')}${usual === '' ? '' : `: the usual header is ${usual}`}; name one with column.${fields[0]}=…`,
    ];
  });
}

/** The headers that a column of a preset stands for. */
function namesOf(column: PresetColumn | undefined): readonly string[] {
  if (column === undefined) return [];
  if (typeof column === 'string') return [column];
  if ('value' in column) return [];
  if ('joined' in column) return column.joined;
  return 'sum' in column ? column.sum : column;
}

/** The columns that a source reads. */
export function columnsOf(source: ColumnSource | undefined): readonly number[] {
  return source === undefined || source.kind === 'value' ? [] : source.columns;
}

/** The columns that hold packed lines. */
export function packedColumns(preset: Preset, header: readonly string[]): number[] {
  const { packed } = preset;
  if (packed?.kind !== 'named' && packed?.kind !== 'json') return [];
  const wanted = packed.columns.map((name) => ({ isStart: name.endsWith('*'), key: normaliseHeader(name) }));
  return header.flatMap((name, column) => {
    const key = normaliseHeader(name);
    return wanted.some((one) => (one.isStart ? key.startsWith(one.key) : key === one.key)) ? [column] : [];
  });
}
