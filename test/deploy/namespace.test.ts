import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { orderSearchAttributes } from '../../src/domain/search-attributes.ts';

const script = join(import.meta.dirname, '../../temporal-config/setup-namespace.sh');
const run = promisify(execFile);

const attributes = orderSearchAttributes.map(({ name, type }) => ({
  name,
  type: `${type[0]}${type.slice(1).toLowerCase()}`,
}));

test('the script lists the search attributes that the workflows set', () => {
  const [, list] = /^search_attributes='\n([^']+)'/m.exec(readFileSync(script, 'utf8')) ?? [];
  expect(list?.trim().split('\n')).toEqual(attributes.map(({ name, type }) => `${name} ${type}`));
});

test('a namespace is created with its search attributes, and a second set-up changes only the retention', async () => {
  const namespace = `set-up-${randomUUID()}`;
  await setUp(namespace, '2d');
  const again = await setUp(namespace, '5d');
  expect(again.stdout).toContain(`namespace ${namespace} is ready`);

  const listed = await temporal('operator', 'search-attribute', 'list', '--namespace', namespace);
  for (const { name, type } of attributes) expect(listed.stdout).toMatch(new RegExp(`^ *${name} +${type}\\b`, 'm'));
  const described = await temporal('operator', 'namespace', 'describe', '--namespace', namespace);
  expect(described.stdout).toMatch(/RetentionTtl +120h/);
});

test('a search attribute of the wrong type stops the set-up with a message that names it', async () => {
  const namespace = `set-up-${randomUUID()}`;
  await temporal('operator', 'namespace', 'create', '--namespace', namespace, '--retention', '1d');
  await expect
    .poll(async () => await addWrongType(namespace).catch(() => 'not yet'), { timeout: 30_000 })
    .not.toBe('not yet');
  await expect(setUp(namespace, '1d')).rejects.toThrow(`OrderTotal of namespace ${namespace} is of type Keyword`);
});

function setUp(namespace: string, retention: string) {
  const env = {
    ...process.env,
    TEMPORAL_CLI: inject('temporalCli'),
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_RETENTION: retention,
  };
  return run('sh', [script], { env });
}

async function addWrongType(namespace: string) {
  const args = ['--namespace', namespace, '--name', 'OrderTotal', '--type', 'Keyword'];
  return await temporal('operator', 'search-attribute', 'create', ...args);
}

function temporal(...args: string[]) {
  return run(inject('temporalCli'), [...args, '--address', inject('temporalAddress')]);
}
