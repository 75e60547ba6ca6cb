import { z } from 'zod';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  responses: Record<string, DocumentedAnswer>;
}

interface DocumentedAnswer {
  content?: Record<string, { schema: unknown }>;
  headers?: Record<string, { required?: boolean }>;
}

/** As much of an OpenAPI document as the check needs. */
export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

/** Holds an answer against what the OpenAPI document says of it. */
export type CheckAnswer = (method: string, path: string, status: number, type: string | null, body: unknown) => void;

/** A check of answers against `document`; throws when a status, a media type or a body is not as documented. */
export function contractOf(document: OpenApiDocument): CheckAnswer {
  const defs = JSON.parse(JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'));
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  const compiled = new Map<string, z.ZodType>();
  return (method, path, status, type, body) => {
    const template = templates.find(({ pattern }) => pattern.test(path))?.template;
    const operation = template && document.paths[template]?.[method.toLowerCase()];
    if (!operation) return;
    const documented = operation.responses[status];
    if (!documented) throw new Error(`${method} ${template} answered ${status}, which is not documented`);
    if (!documented.content) return;
    const content = documented.content[type?.split(';')[0] ?? ''];
    if (!content) throw new Error(`${method} ${template} answered ${status} as ${type}, which is not documented`);
    const key = JSON.stringify(content.schema).replaceAll('#/components/schemas/', '#/$defs/');
    const schema = compiled.get(key) ?? z.fromJSONSchema({ ...JSON.parse(key), $defs: defs });
    compiled.set(key, schema);
    schema.parse(body);
  };
}
