import type { Preset } from '../../domain/preset.ts';
import { knownPresets } from './known-presets.ts';

/** What a preset file says that begins with a known preset: only what is different of its own files. */
export type PresetExtension = Partial<Preset> & { readonly extends: string };

/** Every name that `extends` takes. */
export const extensiblePresets: readonly string[] = knownPresets.map(({ name }) => name);

/**
 * The known preset with what `extension` says in its place, field by field and word by word. It keeps the name unless another one is given, so that
 * its orders are known as those of the same system.
 */
export function extendPreset({ extends: name, ...own }: PresetExtension): Preset {
  const base = knownPresets.find((preset) => preset.name === name);
  if (!base) throw new Error(`no known preset ${name}`);
  return {
    ...base,
    ...own,
    columns: { ...base.columns, ...own.columns },
    rows: { ...base.rows, ...own.rows },
    words: {
      state: { ...base.words?.state, ...own.words?.state },
      payment_state: { ...base.words?.payment_state, ...own.words?.payment_state },
      line_state: { ...base.words?.line_state, ...own.words?.line_state },
      tax_basis: { ...base.words?.tax_basis, ...own.words?.tax_basis },
    },
    defaults: { ...base.defaults, ...own.defaults },
    amounts: { ...base.amounts, ...own.amounts },
    dates: { ...base.dates, ...own.dates },
  };
}
