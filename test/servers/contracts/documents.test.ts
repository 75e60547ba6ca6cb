import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../dev/local/run-command.ts';
import { documentedServices } from '../../dev/sandbox/hold-to-documents.ts';
import { startApiRig, type ApiRig } from '../../http/api-rig.ts';

const LINT_LIMIT_MS = 120_000;

/** A slow network may take minutes for its packages, and only the first time. */
const INSTALL_LIMIT_MS = 280_000;

/** What Spectral holds a document against: all that it recommends, but what is another's choice. */
const rulesets = {
  'openapi.json': { extends: ['spectral:oas'], rules: { 'info-contact': 'off' } },
  'asyncapi.json': {
    extends: ['spectral:asyncapi'],
    rules: { 'asyncapi-info-contact': 'off', 'asyncapi-latest-version': 'off' },
  },
};

let rig: ApiRig;
let folder: string;

beforeAll(async () => {
  rig = await startApiRig();
  folder = await mkdtemp(join(tmpdir(), 'contract-linters-'));
  await cp(join(import.meta.dirname, 'linters'), folder, { recursive: true });
  const install = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  await runCommand('npm', install, { cwd: folder, limitMs: INSTALL_LIMIT_MS });
});
afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(Object.entries(rulesets))('%s keeps the rules of its public linter', async (name, ruleset) => {
  const { body, status } = await rig.request('GET', `/${name}`, { as: null });
  expect(status).toBe(200);
  await writeFile(join(folder, name), JSON.stringify(body));
  expect(await lint(ruleset, [name])).toMatch(/No results/);
});

test('the document of every service keeps the rules of its public linter', async () => {
  const names = documentedServices.map((service) => `${service}.yaml`);
  for (const name of names) await cp(join(import.meta.dirname, '../../../docs/services', name), join(folder, name));
  expect(await lint(rulesets['openapi.json'], names)).toMatch(/No results/);
});

/** What Spectral says of files of the folder; rejects with the end of it when they break a rule. */
async function lint(ruleset: object, names: readonly string[]): Promise<string> {
  await writeFile(join(folder, 'ruleset.json'), JSON.stringify(ruleset));
  const args = ['lint', '--fail-severity', 'warn', '--ruleset', 'ruleset.json', ...names];
  return await runCommand(join(folder, 'node_modules/.bin/spectral'), args, { cwd: folder, limitMs: LINT_LIMIT_MS });
}

test('asyncapi.json is one to its public parser, and every example in it is what its schema says', async () => {
  const { body } = await rig.request('GET', '/asyncapi.json', { as: null });
  await writeFile(join(folder, 'asyncapi.json'), JSON.stringify(body));
  const args = ['check-async-api.mjs', 'asyncapi.json'];
  const found = await runCommand(process.execPath, args, { cwd: folder, limitMs: LINT_LIMIT_MS });
  const { faults, checked, messages } = JSON.parse(found) as { faults: string[]; checked: number; messages: number };
  expect(faults).toEqual([]);
  expect(messages).toBeGreaterThan(70);
  expect(checked).toBeGreaterThan(messages);
});
