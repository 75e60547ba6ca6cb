import { sql } from 'kysely';
import { stringify } from 'yaml';
import type { Db } from '../../src/repositories/schema.ts';
import type { DataRule, DescribedView } from './order-data.ts';

/**
 * The contract of the data that analysts may read, as YAML by the Open Data Contract Standard 3.1
 * (https://bitol-io.github.io/open-data-contract-standard/v3.1.0/): columns, types and descriptions as the database has them, keys and
 * rules as `views` says. Throws when a view or a column of `views` isn't in the database.
 */
export async function describeOrderData(db: Db, views: readonly DescribedView[]): Promise<string> {
  const columns = await readColumns(db);
  const unknown = [...columns.keys()].filter((view) => !views.some(({ name }) => name === view));
  if (unknown.length > 0) throw new Error(`analytics.${unknown.join(', ')}: describe it in order-data.ts`);
  const contract = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'urn:order-saga:data:orders',
    name: 'Orders',
    version: '1.0.0',
    status: 'active',
    dataProduct: 'orders',
    description: {
      purpose: 'Figures about orders, their items, payments and status changes, without personal data.',
      usage:
        'Read the views of the schema analytics as the role of ANALYTICS_DATABASE_URL, on a replica where there is one.',
      limitations:
        'Customers are named by a keyed hash, addresses are reduced to country and region. Archived orders are included; no ' +
        'order is ever deleted. A view gains columns; none is removed or changes its meaning within a major version.',
    },
    servers: [
      {
        server: 'production',
        type: 'postgres',
        host: '${DB_HOST}',
        port: 5432,
        database: 'orders',
        schema: 'analytics',
      },
    ],
    schema: views.map((view) => describeView(view, columns.get(view.name))),
    slaProperties: [
      { property: 'freshness', value: 24, unit: 'h', element: 'orders.updated_at', driver: 'analytics' },
      { property: 'frequency', value: 1, unit: 's', element: 'orders', driver: 'operational' },
    ],
  };
  return stringify(contract, { lineWidth: 140 });
}

interface Column {
  readonly view: string;
  readonly viewSays: string | null;
  readonly name: string;
  readonly type: string;
  readonly says: string | null;
}

async function readColumns(db: Db): Promise<Map<string, Column[]>> {
  const { rows } = await sql<Column>`
    select c.relname as view, obj_description(c.oid) as "viewSays", a.attname as name, format_type(a.atttypid, null) as type,
      col_description(c.oid, a.attnum) as says
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'analytics'::regnamespace and c.relkind = 'v'
    order by c.relname, a.attnum`.execute(db);
  return Map.groupBy(rows, ({ view }) => view);
}

function describeView(view: DescribedView, columns: readonly Column[] = []) {
  const named = [...view.key, ...view.optional, ...Object.keys(view.values), ...Object.keys(view.references)];
  const missing = named.find((name) => !columns.some((column) => column.name === name));
  if (missing !== undefined) throw new Error(`analytics.${view.name} has no column ${missing}`);
  return {
    name: view.name,
    physicalName: view.name,
    physicalType: 'view',
    logicalType: 'object',
    description: columns[0]?.viewSays ?? '',
    properties: columns.map((column) => describeColumn(view, column)),
    quality: view.rules.map(describeRule),
  };
}

/** The standard's names for PostgreSQL's types. */
const logicalTypes: Readonly<Record<string, string>> = {
  uuid: 'string',
  text: 'string',
  integer: 'integer',
  numeric: 'number',
  boolean: 'boolean',
  'timestamp with time zone': 'timestamp',
};

function describeColumn(view: DescribedView, { name, type, says }: Column) {
  const logicalType = logicalTypes[type];
  if (logicalType === undefined) throw new Error(`${view.name}.${name}: say in logicalTypes what a ${type} is`);
  const position = view.key.indexOf(name);
  const values = view.values[name];
  const reference = view.references[name];
  const isRequired = !view.optional.includes(name);
  return {
    name,
    logicalType,
    physicalType: type,
    description: says ?? '',
    required: isRequired,
    ...(position >= 0 && { primaryKey: true, primaryKeyPosition: position + 1 }),
    ...(position >= 0 && view.key.length === 1 && { unique: true }),
    ...(reference !== undefined && { relationships: [{ type: 'foreignKey', to: reference }] }),
    quality: [
      ...(isRequired ? [describeNull(view.name, name)] : []),
      ...(values === undefined ? [] : [describeValues(view.name, name, values)]),
    ],
  };
}

function describeNull(view: string, column: string) {
  const broken = `SELECT count(*) FROM analytics.${view} WHERE ${column} IS NULL`;
  return describeRule({ name: `${view}_${column}_is_known`, says: 'It is never null.', broken });
}

function describeValues(view: string, column: string, values: readonly string[]) {
  const list = values.map((value) => `'${value}'`).join(', ');
  const broken = `SELECT count(*) FROM analytics.${view} WHERE ${column} NOT IN (${list})`;
  return describeRule({ name: `${view}_${column}_values`, says: `It is one of ${values.join(', ')}.`, broken });
}

function describeRule({ name, says, broken }: DataRule) {
  return { name, type: 'sql', description: says, query: broken, mustBe: 0 };
}
