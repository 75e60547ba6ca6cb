import { z } from 'zod';

/** A schema as JSON Schema 2020-12 writes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of what a message holds. Fields that it does not name are allowed: later versions have more. A format says all that a
 * pattern beside it would.
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...document } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return document;
}

/** The example that a schema carries. */
export function exampleOf(schema: z.ZodType): unknown {
  const examples: unknown = schema.meta()?.examples;
  return Array.isArray(examples) ? examples[0] : undefined;
}

/** The name of a type's schema in a document: that of `order.return_opened` is `OrderReturnOpened`. */
export function schemaName(type: string): string {
  return type.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The name of the schema of what an event of this type tells. */
export function dataName(type: string): string {
  return `${schemaName(type)}Data`;
}

/** The name of the schema of what another service tells by an event of this type. */
export function receivedName(type: string): string {
  return `${schemaName(type)}Received`;
}
