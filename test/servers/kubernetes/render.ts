import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { runCommand } from '../../../dev/local/run-command.ts';
import { findGoProgram, goPrograms } from '../setup/find-program.ts';

const deploy = join(import.meta.dirname, '../../../deploy');

/** The overlays, each of which the Helm chart has an example for. */
export const overlays = ['small', 'production', 'production-versioned'] as const;

export type Overlay = (typeof overlays)[number];

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/** An object of Kubernetes. */
export type Manifest = z.output<typeof manifest>;

const RENDER_LIMIT_MS = 60_000;

/** What kustomize makes of an overlay and of its migration, as text. */
export async function renderKustomize(overlay: Overlay): Promise<string> {
  const kustomize = await findGoProgram(goPrograms.kustomize);
  const folder = join(deploy, 'kubernetes/overlays', overlay);
  const folders = [join(folder, 'migrate'), folder];
  const texts = folders.map((path) => runCommand(kustomize, ['build', path], { limitMs: RENDER_LIMIT_MS }));
  return (await Promise.all(texts)).join('\n---\n');
}

/** What Helm makes of the chart with the example of an overlay, hooks included, as text. */
export async function renderHelm(overlay: Overlay): Promise<string> {
  const helm = await findGoProgram(goPrograms.helm);
  const values = join(deploy, 'helm/examples', `${overlay}.yaml`);
  const args = ['template', 'order-saga', join(deploy, 'helm/order-saga'), '--namespace', 'orders', '--values', values];
  return await runCommand(helm, args, { limitMs: RENDER_LIMIT_MS });
}

/** The objects of rendered text. Throws when one is not an object of Kubernetes. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const value: unknown = document.toJS();
    return value === null ? [] : [manifest.parse(value)];
  });
}
