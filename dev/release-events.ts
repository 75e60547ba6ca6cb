import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { eventSchemas } from '../src/events/catalogue/catalogue.ts';
import { inboundSchemas } from '../src/events/catalogue/inbound-events.ts';
import { toJsonSchema, type JsonSchema } from '../src/events/catalogue/json-schemas.ts';

/** Where the schemas of all events are as they were released last. */
export const RELEASED_SCHEMAS = fileURLToPath(new URL('../docs/contracts/events.json', import.meta.url));

/** The JSON Schema of every event as the code has it, by its type. */
export function readEventSchemas(): Readonly<Record<'published' | 'received', Readonly<Record<string, JsonSchema>>>> {
  return { published: toJsonSchemas(eventSchemas), received: toJsonSchemas(inboundSchemas) };
}

function toJsonSchemas(schemas: Readonly<Record<string, z.ZodType>>) {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, toJsonSchema(schema)]));
}

if (import.meta.main) writeFileSync(RELEASED_SCHEMAS, `${JSON.stringify(readEventSchemas(), null, 2)}\n`);
