import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overlays, renderHelm, renderKustomize } from './render.ts';
import { createSchemaValidator, createServerValidator, type Validator } from './validators.ts';

let folder: string;
const validators = new Map<string, Validator>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-manifests-'));
  validators.set('kubernetes-validate', await createSchemaValidator());
  validators.set('kubectl-validate', await createServerValidator(folder));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function validate(name: string, text: string): Promise<void> {
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, text);
  await validators.get(name)?.(file);
}

describe.each(['kubernetes-validate', 'kubectl-validate'])('%s', (name) => {
  test.each(overlays)('takes what kustomize makes of %s', async (overlay) => {
    await expect(validate(name, await renderKustomize(overlay))).resolves.toBeUndefined();
  });

  test.each(overlays)('takes what Helm makes of the example of %s', async (overlay) => {
    await expect(validate(name, await renderHelm(overlay))).resolves.toBeUndefined();
  });

  test.each([
    ['a field that does not exist', (text: string) => text.replaceAll('minReadySeconds:', 'minReadyMinutes:')],
    [
      'a text where a number belongs',
      (text: string) => text.replaceAll('revisionHistoryLimit: 3', 'revisionHistoryLimit: several'),
    ],
  ])('refuses %s', async (_, spoil) => {
    const text = await renderKustomize('production');
    await expect(validate(name, spoil(text))).rejects.toThrow(/\w/);
  });
});

test.each([
  ['pollingInterval: 15', 'pollingInterval: often'],
  ['interval: 15s', 'interval: sometimes'],
])("kubectl-validate refuses others' resources as well: %s", async (good, bad) => {
  const text = await renderKustomize('production');
  expect(text).toContain(good);
  await expect(validate('kubectl-validate', text.replaceAll(good, bad))).rejects.toThrow(/\w/);
});
