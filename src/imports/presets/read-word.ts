import { OWN_PRESET, type Preset, type PresetWords } from '../../domain/preset.ts';
import type { FileRow } from './file-row.ts';
import { extensiblePresets } from './extend-preset.ts';
import type { CellReader } from './read-cells.ts';

type WordField = keyof PresetWords;
type Meaning<F extends WordField> = NonNullable<PresetWords[F]>[string];

/** What the word of a field means in a row; `null` where it states none, or where a fault was noted because it is not known. */
export function readWord<F extends WordField>(cells: CellReader, row: FileRow, field: F): Meaning<F> | null {
  return meaningOf(cells, field, cells.text(row, field), row);
}

/** Whether a preset says what a word means. */
export function isKnownWord(cells: CellReader, field: WordField, text: string): boolean {
  const words = wordsOf(cells.rows.reading.preset, field);
  return words.has(text) || words.has(normaliseWord(text));
}

/** What a word of a field means; see {@link readWord}. */
export function meaningOf<F extends WordField>(
  cells: CellReader,
  field: F,
  text: string,
  row: FileRow | undefined,
): Meaning<F> | null {
  const { preset, sources } = cells.rows.reading;
  if ((row?.sources ?? sources)[field] === undefined) return null;
  const words = wordsOf(preset, field);
  const meaning = words.get(text) ?? words.get(normaliseWord(text)) ?? null;
  if (meaning === null && text !== '') {
    cells.fault(`"${text.slice(0, 40)}" is not known${remedyOf(preset, field)}. ${tellKnown(words)}`, row, field);
  }
  return meaning;
}

/** Some systems have forty words, in several languages. */
const SHOWN_WORDS = 15;

function tellKnown(words: ReadonlyMap<string, unknown>): string {
  const known = [...words.keys()].filter((word) => word !== '');
  const more = known.length > SHOWN_WORDS ? ` and ${known.length - SHOWN_WORDS} others` : '';
  return `Known are: ${known.slice(0, SHOWN_WORDS).join(', ')}${more}`;
}

/** Shops have statuses of their own. */
function remedyOf({ name }: Preset, field: WordField): string {
  if (name === OWN_PRESET) {
    return field === 'state' ? ': if it is a part of the address, say so with column.state=-' : '';
  }
  return extensiblePresets.includes(name)
    ? `: a preset file with {"extends": "${name}"} says what it means`
    : ': say in the preset file what it means';
}

const known = new WeakMap<Preset, Map<WordField, ReadonlyMap<string, unknown>>>();

function wordsOf<F extends WordField>(preset: Preset, field: F): ReadonlyMap<string, Meaning<F>> {
  const fields = known.get(preset) ?? new Map<WordField, ReadonlyMap<string, unknown>>();
  known.set(preset, fields);
  const words =
    fields.get(field) ??
    new Map(Object.entries(preset.words?.[field] ?? {}).map(([word, meaning]) => [normaliseWord(word), meaning]));
  fields.set(field, words);
  return words as ReadonlyMap<string, Meaning<F>>;
}

/** `partially_refunded`, `Partially Refunded` and `partially-refunded` are the same word. */
function normaliseWord(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
}
