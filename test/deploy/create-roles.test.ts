import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox } from '../../dev/sandbox/app.ts';
import { createLogger } from '../../src/logger.ts';
import { migrateToLatest } from '../../src/repositories/migrate.ts';
import { databaseUrl } from '../setup/template-database.ts';
import { startOwnPostgres } from '../setup/servers.ts';

const script = join(import.meta.dirname, '../../deploy/create-roles.sh');
const passwords = {
  MIGRATION_PASSWORD: 'm-1',
  SANDBOX_PASSWORD: 's_2',
  TEMPORAL_PASSWORD: 't3',
  POSTGRES_PASSWORD: 'p4',
};

let folder: string;
let server: Awaited<ReturnType<typeof startOwnPostgres>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-roles-'));
  // Not every machine has psql: what the script would send is kept in a file.
  await writeFile(join(folder, 'psql'), `#!/bin/sh\n/bin/cat > '${join(folder, 'sent.sql')}'\n`, { mode: 0o755 });
  server = await startOwnPostgres();
});

afterAll(async () => {
  await server.destroy();
  await rm(folder, { recursive: true, force: true });
});

const run = (env: Record<string, string>) =>
  promisify(execFile)('/bin/sh', [script], { env: { PATH: folder, ...env } });

const asRole = (name: string, password: string, database: string) =>
  databaseUrl(server.url, database, { name, password });

async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

test('each role reaches its own database and no other, and can do what it is for', async () => {
  await run(passwords);
  const sent = (await readFile(join(folder, 'sent.sql'), 'utf8')).replaceAll(/^--.*$/gm, '');
  for (const statement of sent.split(';').filter((part) => part.trim() !== '')) await query(server.url, statement);

  const orders = asRole('orders_migration', 'm-1', 'orders');
  const sandboxUrl = asRole('sandbox', 's_2', 'sandbox');
  await migrateToLatest(orders, { name: 'orders_run', password: 'r5' });
  await query(asRole('orders_run', 'r5', 'orders'), 'select from orders');
  const sandbox = await createSandbox({
    databaseUrl: sandboxUrl,
    logger: createLogger({ level: 'silent', format: 'json' }, 'test'),
  });
  await sandbox.close();
  await query(asRole('temporal', 't3', 'postgres'), 'create database temporal_visibility');
  await query(asRole('temporal', 't3', 'temporal_visibility'), 'create extension btree_gin');

  for (const [name, password, database] of [
    ['orders_run', 'r5', 'sandbox'],
    ['sandbox', 's_2', 'orders'],
    ['temporal', 't3', 'orders'],
    ['temporal', 't3', 'sandbox'],
  ] as const) {
    await expect(query(asRole(name, password, database), 'select')).rejects.toThrow('permission denied for database');
  }
  await expect(query(asRole('orders_run', 'r5', 'orders'), 'create temp table x ()')).rejects.toThrow(
    'permission denied',
  );
});

test.each(Object.keys(passwords))(
  'a %s that everybody knows, or that spoils an address, makes no role',
  async (name) => {
    const known = { ...passwords, [name]: 'known-to-everybody' };
    await expect(run(known)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`^${name} is known to everybody.*create-secrets\\.sh`)),
    });
    await expect(run({ ...known, ALLOW_KNOWN_SECRETS: 'true' })).resolves.toBeDefined();
    for (const bad of ["x'; drop", 'a@b', ''])
      await expect(run({ ...passwords, [name]: bad })).rejects.toMatchObject({ code: 1 });
  },
);
