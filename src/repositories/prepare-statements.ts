import type { PoolClient } from 'pg';

/** Each prepared statement costs memory on both sides of every connection; the fixed texts are fewer than these. */
const MAX_PREPARED = 100;

/**
 * Makes a connection send its statements as named prepared statements, so that PostgreSQL parses and plans each text once a
 * connection: a status write then takes a quarter of the time. A text with `*` is sent as it is: its result changes with a
 * migration, after which PostgreSQL refuses the prepared statement.
 */
export function prepareStatements(client: PoolClient, names: Map<string, string>): void {
  const send = client.query.bind(client) as (...parameters: unknown[]) => unknown;
  const query = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    const name =
      typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text, names) : undefined;
    return name === undefined ? send(text, values, ...rest) : send({ name, text, values }, ...rest);
  };
  client.query = query as typeof client.query;
}

function nameOf(text: string, names: Map<string, string>): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_PREPARED || /(^|[\s."])\*/.test(text)) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}
