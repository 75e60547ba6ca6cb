import { isDeepStrictEqual } from 'node:util';

type Schema = Readonly<Record<string, unknown>>;

/** What people read and programs don't decide by. */
const words = new Set(['description', 'examples', 'title']);

/** Says where a JSON Schema differs from a released one by more than new optional fields and other words. */
export function schemaChanges(released: Schema, current: Schema, place = ''): string[] {
  const keywords = new Set([...Object.keys(released), ...Object.keys(current)].filter((key) => !words.has(key)));
  return [...keywords].flatMap((key) => {
    const [before, now] = [released[key], current[key]];
    if (key === 'properties') return fieldChanges(released, current, place);
    if (key === 'required') return [];
    if (isSchema(before) && isSchema(now)) return schemaChanges(before, now, `${place}/${key}`);
    if (areSchemas(before) && areSchemas(now) && before.length === now.length) {
      return before.flatMap((schema, index) => schemaChanges(schema, now[index]!, `${place}/${key}/${index}`));
    }
    return isDeepStrictEqual(before, now)
      ? []
      : [`${place}/${key} was ${JSON.stringify(before)}, is ${JSON.stringify(now)}`];
  });
}

function fieldChanges(released: Schema, current: Schema, place: string): string[] {
  const [before, now] = [fieldsOf(released), fieldsOf(current)];
  const known = [...before].flatMap(([name, field]) => {
    const same = now.get(name);
    if (!same) return [`${place}/${name} is gone`];
    const changes = schemaChanges(field.schema, same.schema, `${place}/${name}`);
    return field.isRequired === same.isRequired
      ? changes
      : [...changes, `${place}/${name} is ${same.isRequired ? 'now' : 'not'} required`];
  });
  const added = [...now].filter(([name, { isRequired }]) => !before.has(name) && isRequired);
  return [...known, ...added.map(([name]) => `${place}/${name} is new and required`)];
}

function fieldsOf({ properties, required }: Schema) {
  const names: unknown = required ?? [];
  const isRequired = (name: string) => Array.isArray(names) && names.includes(name);
  return new Map(
    Object.entries(isSchema(properties) ? properties : {}).map(([name, schema]) => [
      name,
      { schema: isSchema(schema) ? schema : {}, isRequired: isRequired(name) },
    ]),
  );
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areSchemas(value: unknown): value is readonly Schema[] {
  return Array.isArray(value) && value.every(isSchema);
}
