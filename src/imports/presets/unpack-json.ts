import type { PresetField } from '../../domain/preset-fields.ts';
import type { Preset } from '../../domain/preset.ts';

/** What a packed line states itself. */
export type OwnTexts = Readonly<Partial<Record<PresetField, string>>>;

type Json = Extract<NonNullable<Preset['packed']>, { kind: 'json' }>;

/** The lines that a cell holds as JSON, or `undefined` where it is no list of objects. Numbers keep every digit that the cell writes. */
export function unpackJson(cell: string, { list, fields }: Pick<Json, 'list' | 'fields'>): OwnTexts[] | undefined {
  const json = parseKeepingDigits(cell);
  const lines = listOf(list === undefined ? json : valueAt(json, list));
  return lines?.map((line) =>
    Object.fromEntries(Object.entries(fields).map(([field, path]) => [field, textOf(valueAt(line, path))])),
  );
}

/** A number as its cell writes it: of a long id JavaScript would lose digits. */
class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function parseKeepingDigits(cell: string): unknown {
  try {
    return JSON.parse(cell, (_, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? new WrittenNumber(context?.source ?? String(value)) : value,
    );
  } catch {
    return undefined;
  }
}

/** Some systems write an object with the lines by their ids. */
function listOf(value: unknown): unknown[] | undefined {
  if (!isObject(value)) return undefined;
  const lines = Array.isArray(value) ? value : Object.values(value);
  return lines.every(isObject) ? lines : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof WrittenNumber);
}

/** What stands at a path such as `price.amount`; a name that has dots itself comes before a path. */
function valueAt(value: unknown, path: string): unknown {
  const fieldsOf = isObject(value) ? new Map(Object.entries(value)) : new Map<string, unknown>();
  if (fieldsOf.has(path)) return fieldsOf.get(path);
  const dot = path.indexOf('.');
  return dot < 0 ? undefined : valueAt(fieldsOf.get(path.slice(0, dot)), path.slice(dot + 1));
}

/** With three decimals behind its point a number could be taken for thousands, which JSON does not write: a fourth one says so. */
const THREE_DECIMALS = /^-?\d+\.\d{3}$/;

function textOf(value: unknown): string {
  if (value instanceof WrittenNumber) return THREE_DECIMALS.test(value.text) ? `${value.text}0` : value.text;
  if (typeof value === 'string') return value.trim();
  return typeof value === 'boolean' ? String(value) : '';
}
