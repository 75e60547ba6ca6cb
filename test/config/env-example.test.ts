import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readStartConfig, startSettingNames } from '../../dev/local/start-config.ts';
import { readSandboxConfig, sandboxSettingNames } from '../../dev/sandbox/sandbox-config.ts';
import { readConfig } from '../../src/config.ts';
import { settingNames } from '../../src/config/environment.ts';
import { requiredSettings } from '../setup/settings.ts';

const root = join(import.meta.dirname, '../..');
const lines = readFileSync(join(root, '.env.example'), 'utf8').split('\n');
const entries = lines.flatMap((line, index) => {
  const [, name, value] = /^#?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [{ name, value, above: lines[index - 1] ?? '' }];
});
const documented = entries.map(({ name }) => name);

// What every environment has, or an example of names that can't be listed.
const undocumented = new Set(['PATH', 'TEMPORAL_GRPC_META_X_TENANT']);

test('.env.example lists exactly the variables that are read', () => {
  const read = new Set([
    ...settingNames,
    ...startSettingNames,
    ...sandboxSettingNames,
    ...namesIn(
      ['src', 'dev'].flatMap((room) => sourcesOf(join(root, room))),
      /env\['([A-Z][A-Z0-9_]*)'\]/g,
    ),
    // The package env-paths reads it.
    'XDG_CACHE_HOME',
    ...namesIn([temporalClientSource()], /envProvider\['(TEMPORAL_\w+)'\]/g),
    ...namesIn([join(root, 'docker-compose.yml')], /\$\{([A-Z][A-Z0-9_]*)/g),
  ]);
  expect(read.size).toBeGreaterThan(settingNames.length + startSettingNames.length);
  expect(new Set(documented.filter(known))).toEqual(new Set([...read].filter(known)));
});

test('.env.example explains each variable on the line above it, once', () => {
  expect(entries.filter(({ above }) => !/^# \S.*\.$/.test(above))).toEqual([]);
  expect(new Set(documented).size).toBe(documented.length);
});

test('a copy of .env.example changes nothing', () => {
  const assignments = lines.filter((line) => line !== '' && !line.startsWith('#'));
  expect(assignments).toEqual([]);
});

test('the defaults in .env.example are the real ones', () => {
  const written = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
  expect(readConfig({ ...written, ...requiredSettings })).toEqual(readConfig(requiredSettings));
  expect(readSandboxConfig({ ...written, ...requiredSettings })).toEqual(readSandboxConfig(requiredSettings));
  expect({ ...readStartConfig(written), env: {} }).toEqual({ ...readStartConfig({}), env: {} });
});

function known(name: string): boolean {
  return !undocumented.has(name);
}

function namesIn(files: string[], pattern: RegExp): string[] {
  return files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, name]) => name ?? ''));
}

function sourcesOf(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.filter((file) => file.name.endsWith('.ts')).map((file) => join(file.parentPath, file.name));
}

/** The file in which Temporal's client reads its environment. */
function temporalClientSource(): string {
  const entry = createRequire(import.meta.url).resolve('@temporalio/envconfig');
  return join(dirname(entry), 'envconfig-toml.js');
}
