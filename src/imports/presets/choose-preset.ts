import type { ImportMode } from '../../domain/import-columns.ts';
import { isUnquoted, OWN_PRESET, type Preset } from '../../domain/preset.ts';
import { Refusal } from '../../domain/refusal.ts';
import { CsvParser } from '../parse-csv.ts';
import type { FoundHeader } from '../read-csv.ts';
import { knownPresets, recognisedPresets } from './known-presets.ts';
import { mapPreset, type NamedColumns } from './map-preset.ts';
import { ownPreset } from './own-preset.ts';
import { recognisePreset } from './recognise-preset.ts';

/** The name of a known preset, `orders` for our own header, `auto`, or a preset that the caller has written. */
export type PresetChoice = string | Preset;

/** What the caller has chosen, and whether orders are placed or taken in as they stood. */
export interface Choice {
  readonly choice: PresetChoice | undefined;
  readonly mode: ImportMode;
}

/** Every name that `preset=` takes. */
export const presetNames: readonly string[] = ['auto', OWN_PRESET, ...knownPresets.map(({ name }) => name)];

/** The preset by which a file with this header is read; `undefined` where its lines make requests straight. Throws VALIDATION for an unknown name. */
export function choosePreset(header: readonly string[], { choice = 'auto', mode }: Choice): Preset | undefined {
  if (typeof choice !== 'string') return choice;
  const own = mode === 'history' ? ownPreset : undefined;
  if (choice === OWN_PRESET) return own;
  if (choice === 'auto') return recognisePreset(header, recognisedPresets(mode)) ?? own;
  return namedPreset(choice);
}

function namedPreset(name: string): Preset {
  const named = knownPresets.find((preset) => preset.name === name);
  if (named) return named;
  throw new Refusal('VALIDATION', `There is no preset "${name}". Known are ${presetNames.join(', ')}.`, {
    details: [{ pointer: '', message: `preset must be one of ${presetNames.join(', ')}` }],
  });
}

const delimiters = [',', ';', '\t', '|'] as const;

/** How a header is looked for. */
export interface HeaderSearch extends Choice {
  readonly separator: string | undefined;
  /** The headers of fields that the caller knows better. */
  readonly named: NamedColumns;
}

/** Finds the header of a known system, or of the chosen preset, among the first lines of a file; `undefined` where none is one. */
export function findHeader(lines: readonly string[], search: HeaderSearch): FoundHeader | undefined {
  const { choice = 'auto', mode, separator, named } = search;
  if (choice === OWN_PRESET) return undefined;
  const presetOf = headerTest({ choice, mode }, named);
  for (const [index, line] of lines.entries()) {
    for (const delimiter of separator === undefined ? delimiters : [separator]) {
      if (!line.includes(delimiter)) continue;
      const preset = presetOf(cellsOf(line, delimiter));
      if (preset) return { index, delimiter, isUnquoted: isUnquoted(preset, delimiter) };
    }
  }
  return undefined;
}

/** Tells which preset a header is one of. */
function headerTest(
  { choice, mode }: { readonly choice: PresetChoice; readonly mode: ImportMode },
  named: NamedColumns,
): (header: readonly string[]) => Preset | undefined {
  if (choice === 'auto') {
    const presets = recognisedPresets(mode);
    return (header) => recognisePreset(header, presets);
  }
  const preset = typeof choice === 'string' ? namedPreset(choice) : choice;
  return (header) => (mapPreset(preset, header, named).faults.length === 0 ? preset : undefined);
}

function cellsOf(line: string, delimiter: string): string[] {
  const parser = new CsvParser(delimiter);
  try {
    const [row] = [...parser.read(line), ...parser.end()];
    return row?.cells.map((cell) => cell.trim()) ?? [];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
