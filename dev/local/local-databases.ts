import pg from 'pg';
import type { DatabaseRole } from '../../src/repositories/running-role.ts';
import { buildPostgresUrl } from './postgres.ts';

/** The roles of the local PostgreSQL: its superuser, the one that migrates, the one that the product runs as, and the sandbox's. */
export const roleNames = ['postgres', 'migration', 'running', 'sandbox'] as const;

/** The password of each role. */
export type Passwords = Readonly<Record<(typeof roleNames)[number], string>>;

/** The addresses by which each role reaches its database; `admin` is the product's database as the superuser. */
export function buildDatabaseUrls(port: number, passwords: Passwords) {
  return {
    admin: buildPostgresUrl(port, 'orders', { name: 'postgres', password: passwords.postgres }),
    migration: buildPostgresUrl(port, 'orders', { name: 'orders_migration', password: passwords.migration }),
    running: buildPostgresUrl(port, 'orders', { name: 'orders', password: passwords.running }),
    sandbox: buildPostgresUrl(port, 'sandbox', { name: 'sandbox', password: passwords.sandbox }),
  };
}

/**
 * Makes the databases of the product and the sandbox unless they exist, each owned by a role of its own. The migration
 * creates the role that the product runs as. `adminUrl` is the server's maintenance database, as its superuser.
 */
export async function ensureDatabases(adminUrl: string, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  // A lost connection fails the next statement, which reports it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await ensureDatabase(client, 'orders', { name: 'orders_migration', password: passwords.migration });
    // So that the migration can make the role that the product runs as.
    await client.query('alter role orders_migration createrole');
    await ensureDatabase(client, 'sandbox', { name: 'sandbox', password: passwords.sandbox });
  } finally {
    await client.end();
  }
}

async function ensureDatabase(client: pg.Client, name: string, owner: DatabaseRole): Promise<void> {
  const { rowCount: roles } = await client.query('select from pg_roles where rolname = $1', [owner.name]);
  if (roles === 0) await client.query(`create role ${owner.name} login password '${owner.password}'`);
  const { rowCount: databases } = await client.query('select from pg_database where datname = $1', [name]);
  if (databases === 0) await client.query(`create database ${name} owner ${owner.name}`);
  await client.query(`revoke all on database ${name} from public`);
}
