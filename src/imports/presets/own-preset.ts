import { fileOrderStates, filePaymentStates } from '../../domain/file-order.ts';
import { importFieldNames, importFields } from '../../domain/import-columns.ts';
import { presetFields, type Preset, type PresetColumn, type PresetField } from '../../domain/preset.ts';
import { OWN_PRESET } from './read-file-order.ts';

const isPresetField = (field: string): field is PresetField => (presetFields as readonly string[]).includes(field);

/** A field's own name, and its usual headers where it has some. */
const columns: Partial<Record<PresetField, PresetColumn>> = {
  ...Object.fromEntries(presetFields.map((field) => [field, field])),
  ...Object.fromEntries(importFieldNames.filter(isPresetField).map((field) => [field, importFields[field]])),
};

const sameWords = <T extends string>(words: readonly T[]) =>
  Object.fromEntries(words.map((word) => [word, word])) as Record<T, T>;

/** Files with our own header: every field under its own name, every state under its own word. */
export const ownPreset: Preset = {
  name: OWN_PRESET,
  title: 'Our own header',
  columns,
  rows: { without_reference: 'refuse' },
  words: {
    state: sameWords(fileOrderStates),
    payment_state: sameWords(filePaymentStates),
    line_state: sameWords(fileOrderStates),
    tax_basis: sameWords(['INCLUDED', 'ON_TOP'] as const),
  },
};
