import type { Preset } from '../../domain/preset.ts';
import { indexHeader } from './map-preset.ts';
import { normaliseHeader } from '../../domain/import-columns.ts';

/** The one preset whose files have such a header; `undefined` where none has, or several. */
export function recognisePreset(header: readonly string[], presets: readonly Preset[]): Preset | undefined {
  const columns = indexHeader(header);
  const has = (name: string) => columns.has(normaliseHeader(name));
  const found = presets.filter(({ recognise = [] }) =>
    recognise.some(({ headers, unless = [] }) => headers.every(has) && !unless.some(has)),
  );
  return found.length === 1 ? found[0] : undefined;
}
