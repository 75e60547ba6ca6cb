import { LRUCache } from 'lru-cache';
import type { PoolClient } from 'pg';

/** Each prepared statement costs memory on both sides of every connection; the texts that come again and again are fewer than these. */
const MAX_PREPARED = 100;

/** Texts that come less often, such as those of rarely used filters, would take the places of those that come with every order. */
const SEEN_BEFORE = 3;

/** As many texts are counted at once; one that is forgotten begins anew. */
const MAX_COUNTED = 1_000;

/** Which statements the connections of a pool prepare, and by which names. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #seen = new LRUCache<string, number>({ max: MAX_COUNTED });

  /** The name of a statement that has come often enough; `undefined` for one that is sent as it is. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MAX_PREPARED) return known;
    const seen = (this.#seen.get(text) ?? 0) + 1;
    this.#seen.set(text, seen);
    if (seen !== SEEN_BEFORE || hasOpenResult(text)) return undefined;
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}

/**
 * Makes a connection send the statements that come again and again as named prepared statements, so that PostgreSQL parses and plans each
 * text once a connection: acceptance and confirmation of an order then take half the time.
 */
export function prepareStatements(client: PoolClient, names: StatementNames): void {
  const send = client.query.bind(client) as (...parameters: unknown[]) => unknown;
  const query = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    const name =
      typeof text === 'string' && Array.isArray(values) && values.length > 0 ? names.nameOf(text) : undefined;
    return name === undefined ? send(text, values, ...rest) : send({ name, text, values }, ...rest);
  };
  client.query = query as typeof client.query;
}

/**
 * Whether a statement answers whatever columns a table has at the time: PostgreSQL refuses a prepared one after a migration has changed them. A
 * star within parentheses counts for nothing: what is selected from there is named.
 */
function hasOpenResult(text: string): boolean {
  let depth = 0;
  let before = ' ';
  for (const character of text) {
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '*' && depth === 0 && /[\s."]/.test(before)) return true;
    before = character;
  }
  return false;
}
