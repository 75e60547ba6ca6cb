/** A parameter of a path or a query. */
export type Parameter = string | number | boolean | undefined;

/** `value` as one segment of a path. Throws for what would address another path. */
export function pathSegment(name: string, value: Parameter): string {
  const text = String(value ?? '');
  // A URL resolves these, even encoded, to another path.
  if (text === '' || text === '.' || text === '..') throw new TypeError(`"${text}" can't be the ${name} of a path`);
  return encodeURIComponent(text);
}
