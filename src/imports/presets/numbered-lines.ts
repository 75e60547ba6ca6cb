import { normaliseHeader } from '../../domain/import-columns.ts';
import { lineAmountFields, lineQuantityFields, type PresetField } from '../../domain/preset-fields.ts';
import { LINE_NUMBER, type FileReading, type Preset } from '../../domain/preset.ts';

/** Where the fields of a line stand whose columns have a number. */
export type NumberedLine = FileReading['sources'];

/** The columns of each line of a row in which every line has columns of its own, such as `Product 1 SKU` and `Product 2 SKU`, by its number. */
export function numberedLines({ packed }: Pick<Preset, 'packed'>, header: readonly string[]): readonly NumberedLine[] {
  if (packed?.kind !== 'numbered') return [];
  const lines = new Map<number, Partial<Record<PresetField, { kind: 'first'; columns: number[] }>>>();
  for (const [field, name] of Object.entries(packed.fields) as [PresetField, string][]) {
    for (const { number, column } of columnsWithNumber(name, header)) {
      const line = lines.get(number) ?? {};
      lines.set(number, line);
      (line[field] ??= { kind: 'first', columns: [] }).columns.push(column);
    }
  }
  return [...lines].toSorted(([one], [other]) => one - other).map(([, line]) => line);
}

/** More lines than any file has columns for. */
const MAX_NUMBER_DIGITS = 3;

function columnsWithNumber(name: string, header: readonly string[]): { number: number; column: number }[] {
  const [before = '', after = ''] = name.split(LINE_NUMBER).map(normaliseHeader);
  return header.flatMap((text, column) => {
    const key = normaliseHeader(text);
    if (!key.startsWith(before) || !key.endsWith(after)) return [];
    const number = key.slice(before.length, key.length - after.length);
    return /^\d+$/.test(number) && number.length <= MAX_NUMBER_DIGITS ? [{ number: Number(number), column }] : [];
  });
}

/** The headers that one line would read a field from twice. */
export function headersTwice(lines: readonly NumberedLine[], header: readonly string[]): string[] {
  return lines.flatMap((line) =>
    Object.values(line).flatMap((source) => {
      const [first, second] = source.kind === 'value' ? [] : source.columns;
      return first === undefined || second === undefined
        ? []
        : [`"${header[first] ?? ''}" and "${header[second] ?? ''}"`];
    }),
  );
}

const numberFields: ReadonlySet<string> = new Set([...lineQuantityFields, ...lineAmountFields]);

/** Whether a line is there in a row whose fields `read` gives: something names its product, or a number of it is not 0. */
export function isLineThere(line: NumberedLine, read: (field: PresetField) => string): boolean {
  return (Object.keys(line) as PresetField[]).some((field) => {
    const text = read(field);
    if (numberFields.has(field)) return /[1-9]/.test(text);
    return text !== '' && (field === 'sku' || field === 'product_id' || field === 'product_name');
  });
}
