import { SignJWT } from 'jose';
import type { Selectable } from 'kysely';
import pg from 'pg';
import { createApi } from '../../src/http/app.ts';
import type { Logger } from '../../src/logger.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import type { OrdersTable } from '../../src/repositories/schema/order-tables.ts';
import { startTestSandbox } from '../dev/sandbox/sandbox.ts';
import { JWT_SECRET, openApiParts } from './api-parts.ts';
import { underContract } from './openapi-contract.ts';
import type { Role } from '../../src/domain/caller.ts';

/** An answer of the API, read. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever the wire holds
  body: any;
}

/** How a request differs from a bare one by a customer called alice; `as: null` sends no token. */
export interface RequestOptions {
  as?: Role | null;
  sub?: string;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export type ApiRig = Awaited<ReturnType<typeof startApiRig>>;

export { JWT_SECRET };

/** The API on a real database and the real sandbox, with customers, a catalogue, and scripted sagas. */
export async function startApiRig(options: { settings?: Record<string, string>; logger?: Logger } = {}) {
  const sandbox = await startTestSandbox();
  const parts = openApiParts({ url: sandbox.url, databaseUrl: sandbox.runningUrl }, options);
  const owner = openDatabase(sandbox.databaseUrl, { max: 4, name: 'test', onError: () => {} });
  const { config, changes, announcer, commands, importCommands, feed } = parts;
  const api = createApi(parts);
  const document = await underContract(api);
  await seed(sandbox.call);

  const request = async (method: string, path: string, given: RequestOptions = {}): Promise<ApiAnswer> => {
    const { as = 'customer', sub = 'alice', body } = given;
    const headers: Record<string, string> = {};
    if (as !== null) headers['authorization'] = `Bearer ${given.token ?? (await token(sub, [as]))}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await api.request(path, {
      method,
      headers: { ...headers, ...given.headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type');
    const read: unknown = type?.includes('json') === true && text !== '' ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: read };
  };

  return {
    api,
    /** What another process of the same API would be made of. */
    parts,
    document,
    config,
    /** The API's database, in which a test may do what the API may not. */
    database: { ...parts.database, db: owner.db, pool: owner.pool },
    commands,
    importCommands,
    sandbox,
    request,
    place: (body: object = {}, more: RequestOptions = {}) =>
      request('POST', '/api/v1/orders', { body: { ...order, ...body }, ...more }),
    /** A token that this API takes. */
    token,
    /** Ends every connection to the database, and lets no new one in. */
    databaseGone: () => barDatabase(sandbox.databaseUrl),
    orders: (): Promise<Selectable<OrdersTable>[]> => owner.db.selectFrom('orders').selectAll().execute(),
    feed,
    announcer,
    stop: async () => {
      feed.close();
      await changes.close();
      await parts.database.close();
      await owner.close();
      await sandbox.stop();
    },
  };
}

async function barDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const client = new pg.Client({ connectionString: new URL('/postgres', url).href });
  await client.connect();
  await client.query(`alter database "${name}" allow_connections false`);
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await client.end();
}

/** A token that the rig's API takes. */
export function token(sub: string, roles: readonly string[], expires = '1h'): Promise<string> {
  return new SignJWT({ roles })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuer('order-saga')
    .setAudience('orders')
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(JWT_SECRET));
}

export const address = {
  name: 'Alice Archer',
  line1: '1 High Street',
  city: 'London',
  postal_code: 'N1 9GU',
  country: 'GB',
};

/** A body that is fit to be placed by alice: 25.00 EUR. */
export const order = {
  currency: 'EUR',
  items: [{ sku: 'MUG', quantity: 2 }],
  payment_method: 'tok_ok',
  shipping_address: address,
};

async function seed(call: Awaited<ReturnType<typeof startTestSandbox>>['call']): Promise<void> {
  const products = [
    product('MUG', '12.50'),
    // That of the document's examples.
    product('TEA-001', '12.50'),
    product('GONE', '12.50'),
    product('PENNY', '0.01'),
    product('NOODLES', '10', 'JPY'),
    product('RICE', '9', 'JPY'),
    product('GOLD', '90000000000.00'),
  ];
  await call('PUT', '/products', { products });
  await call('PUT', '/users', { users: [user('demo'), user('alice'), user('bob'), user('ivy', 'INACTIVE')] });
}

function product(sku: string, price: string, currency = 'EUR') {
  return { sku, name: sku, price, currency, stock: 1_000_000 };
}

function user(id: string, status = 'ACTIVE') {
  return { id, name: id, email: `${id}@example.com`, status };
}
