import { expect, test } from 'vitest';
import { overlays, parseManifests, renderHelm, renderKustomize, type Manifest } from './render.ts';

/** Each object as it is meant, by its kind and name: without what says by which program it was made. */
function byName(manifests: readonly Manifest[]): Record<string, unknown> {
  const entries = manifests.map((manifest): [string, unknown] => {
    const { kind, metadata } = manifest;
    const meant = { ...manifest, metadata: withoutTrace(metadata) };
    const name = withoutHash(metadata.name);
    return [`${kind} ${name}`, JSON.parse(withoutHash(JSON.stringify(sortEnv(meant))))];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
}

/** Both programs name the settings by a hash of their own. */
function withoutHash(text: string): string {
  return text.replaceAll(/(order-saga-settings)-[a-z0-9]{10}/g, '$1');
}

function withoutTrace({ annotations, labels, ...metadata }: Manifest['metadata']): object {
  const own = Object.entries(annotations ?? {}).filter(([name]) => !name.startsWith('helm.sh/'));
  return { ...metadata, labels: labels ?? {}, ...(own.length > 0 && { annotations: Object.fromEntries(own) }) };
}

/** The order of variables says nothing. */
function sortEnv(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sortEnv(item));
    return items.every(isNamed) ? items.toSorted((a, b) => a.name.localeCompare(b.name)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sortEnv(item)]));
}

function isNamed(item: unknown): item is { name: string } {
  return typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string';
}

test.each(overlays)('the chart with the example of %s makes the same objects as kustomize', async (overlay) => {
  const [helm, kustomize] = await Promise.all([renderHelm(overlay), renderKustomize(overlay)]);
  const objects = byName(parseManifests(kustomize));
  expect(Object.keys(objects).length).toBeGreaterThan(10);
  expect(byName(parseManifests(helm))).toEqual(objects);
});
