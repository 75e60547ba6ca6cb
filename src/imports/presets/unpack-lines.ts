import type { FileReading, Preset } from '../../domain/preset.ts';
import { sourceText } from './cell-text.ts';
import { unpackJson, type OwnTexts } from './unpack-json.ts';

/** The lines that are packed in a row, `undefined` where it packs none, and `unreadable` where they can't be told. `columns` are those of packed cells. */
export function unpackLines(
  columns: readonly number[],
  reading: FileReading,
  cells: readonly string[],
): OwnTexts[] | 'unreadable' | undefined {
  const { packed } = reading.preset;
  if (packed === undefined || packed.kind === 'numbered') return undefined;
  if (packed.kind === 'aligned') return unpackAligned(packed, reading, cells);
  const filled = columns.map((column) => (cells[column] ?? '').trim()).filter((cell) => cell !== '');
  if (packed.kind === 'json') {
    const lists = filled.map((cell) => unpackJson(cell, packed));
    if (lists.includes(undefined)) return 'unreadable';
    const found = lists.flatMap((list) => list ?? []);
    return found.length === 0 ? undefined : found;
  }
  const lines = filled.flatMap((cell) => splitLines(cell, packed));
  const named = lines.map((line) => line.trim()).filter((line) => line !== '');
  return named.length === 0 ? undefined : named.map((line) => readNamed(line, packed));
}

type Named = Extract<NonNullable<Preset['packed']>, { kind: 'named' }>;

/** Splits a cell into lines, each of which begins with one of the names, or as the cell does: a value may hold what separates lines. */
function splitLines(
  cell: string,
  { between_lines: between, between_fields: betweenFields, after_name: after, fields }: Named,
): string[] {
  if (between === undefined) return [cell];
  const [start = ''] = cell.split(betweenFields, 1);
  const first = start.includes(after) ? [start.slice(0, start.indexOf(after) + after.length).trimStart()] : [];
  const ofFields = Object.values(fields).flatMap((name) => namesOf(name).map((one) => `${one}${after}`));
  const names = [...ofFields, ...first.map((one) => one.toLowerCase())];
  const lines: string[] = [];
  for (const piece of cell.split(between)) {
    const isStart = names.some((name) => piece.trimStart().toLowerCase().startsWith(name));
    const last = lines.at(-1);
    if (isStart || last === undefined) lines.push(piece);
    else lines[lines.length - 1] = `${last}${between}${piece}`;
  }
  return lines;
}

/** A piece without a name goes on with the value in front of it, which holds what separates fields. */
function readNamed(text: string, { between_fields: between, after_name: after, fields }: Named) {
  const values = new Map<string, string>();
  let last: string | undefined;
  for (const piece of text.split(between)) {
    const at = piece.indexOf(after);
    if (at > 0) {
      last = piece.slice(0, at).trim().toLowerCase();
      values.set(last, piece.slice(at + after.length).trim());
    } else if (last !== undefined) {
      values.set(last, `${values.get(last) ?? ''}${between}${piece}`);
    }
  }
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, name]) => {
      const value = namesOf(name).flatMap((one) => values.get(one) ?? [])[0];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function namesOf(name: string | readonly string[]): string[] {
  return (typeof name === 'string' ? [name] : name).map((one) => one.toLowerCase());
}

type Aligned = Extract<NonNullable<Preset['packed']>, { kind: 'aligned' }>;

/** Cells that hold one value hold it for all lines; the numbers of values of all others are the same, or the row is one line that will be refused. */
function unpackAligned(
  { fields, between_lines: between }: Aligned,
  { sources }: FileReading,
  cells: readonly string[],
) {
  const values = fields.map((field) => ({
    field,
    parts: sourceText(sources[field], cells)
      .split(between)
      .map((part) => part.trim()),
  }));
  const count = Math.max(...values.map(({ parts }) => parts.length));
  if (count < 2 || values.some(({ parts }) => parts.length !== 1 && parts.length !== count)) return undefined;
  return Array.from({ length: count }, (_, line) =>
    Object.fromEntries(values.map(({ field, parts }) => [field, parts[line] ?? parts[0] ?? ''])),
  );
}
