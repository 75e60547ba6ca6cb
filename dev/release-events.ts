import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventSchemas } from '../src/events/catalogue/catalogue.ts';
import { toJsonSchema, type JsonSchema } from '../src/events/catalogue/json-schemas.ts';

/** Where the schemas of all events are as they were released last. */
export const RELEASED_SCHEMAS = fileURLToPath(new URL('../docs/contracts/events.json', import.meta.url));

/** The JSON Schema of every event as the code has it, by its type. */
export function readEventSchemas(): Readonly<Record<'published', Readonly<Record<string, JsonSchema>>>> {
  const schemas = Object.entries(eventSchemas).map(([type, schema]) => [type, toJsonSchema(schema)] as const);
  return { published: Object.fromEntries(schemas) };
}

if (import.meta.main) writeFileSync(RELEASED_SCHEMAS, `${JSON.stringify(readEventSchemas(), null, 2)}\n`);
