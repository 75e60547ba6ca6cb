import { appendFileSync } from 'node:fs';
import { inject } from 'vitest';
import { z } from 'zod';
import type { createApi } from '../../src/http/app.ts';
import { problemSchema } from '../../src/http/problems/problem.ts';

/** What a request to one path with one method may say and be answered. */
export interface Operation {
  operationId: string;
  summary?: string;
  security?: Record<string, unknown>[];
  parameters?: {
    name: string;
    in: string;
    description?: string;
    required?: boolean;
    example?: unknown;
    schema: Schema;
  }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, DocumentedAnswer>;
}

/** As much of a JSON schema as tests look at. */
export interface Schema {
  $ref?: string;
  [keyword: string]: unknown;
}

interface DocumentedAnswer {
  content?: Record<string, { schema: unknown }>;
  headers?: Record<string, { required?: boolean }>;
}

/** As much of an OpenAPI document as the check needs. */
export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
  webhooks: Record<string, { post: Operation }>;
}

/** Holds an answer against what the OpenAPI document says of it; reads a copy of it, unless it is a stream of events. */
export type CheckAnswer = (method: string, url: string, answer: Response) => Promise<void>;

/** Every operation of the document by its name, such as `GET /api/v1/orders`. */
export function operationsOf({ paths }: OpenApiDocument): Map<string, Operation> {
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  );
}

/**
 * A check of answers against `document`; throws when a status, a header, a media type or a body is not as documented. A path or method
 * that is not documented must be answered with the problem that says so. What was answered goes on record for the whole test run.
 */
export function contractOf(document: OpenApiDocument): CheckAnswer {
  const templates = Object.keys(document.paths)
    // What is spelt out comes before what is a parameter.
    .toSorted((a, b) => a.split('{').length - b.split('{').length)
    .map((template) => ({ template, pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));
  const matches = bodyChecker(document);
  return async (method, url, answer) => {
    const { pathname } = new URL(url, 'http://api');
    if (!pathname.startsWith('/api/')) return;
    const template = templates.find(({ pattern }) => pattern.test(pathname))?.template;
    if (template === undefined) return await requireProblem(answer, 404, `${method} ${pathname}`);
    // HEAD is GET without the body, and needs no documentation of its own.
    const documentedMethod = method === 'HEAD' ? 'get' : method.toLowerCase();
    // A browser's question before its request, where another origin may ask.
    if (method === 'OPTIONS' && answer.headers.has('access-control-allow-methods')) return;
    const operation = document.paths[template]?.[documentedMethod];
    const name = `${method} ${template}`;
    if (operation === undefined) return await requireProblem(answer, 405, name);
    const documented = operation.responses[answer.status];
    if (!documented) throw new Error(`${name} answered ${answer.status}, which is not documented`);
    requireHeaders(documented, answer, name);
    if (method !== 'HEAD') await requireBody(documented, answer, name, matches);
    appendFileSync(inject('answersFile'), `${documentedMethod.toUpperCase()} ${template} ${answer.status}\n`);
  };
}

/** An API whose every answer is held against its own document before a test sees it, however the test asks. */
export async function underContract(api: ReturnType<typeof createApi>): Promise<OpenApiDocument> {
  const document = (await (await api.request('/openapi.json')).json()) as OpenApiDocument;
  const check = contractOf(document);
  const bare = api.fetch;
  api.fetch = async (request, ...rest) => {
    const answer = await bare(request, ...rest);
    await check(request.method, request.url, answer);
    return answer;
  };
  return document;
}

function requireHeaders({ headers = {} }: DocumentedAnswer, answer: Response, name: string): void {
  const missing = Object.keys(headers).filter(
    (header) => headers[header]?.required === true && !answer.headers.has(header),
  );
  if (missing.length > 0) throw new Error(`${name} answered ${answer.status} without ${missing.join(', ')}`);
}

type BodyChecker = (schema: unknown, body: unknown) => void;

async function requireBody(documented: DocumentedAnswer, answer: Response, name: string, matches: BodyChecker) {
  const said = `${name} answered ${answer.status}`;
  if (!documented.content) {
    if ((await answer.clone().text()) !== '') throw new Error(`${said} with a body, which is not documented`);
    return;
  }
  const type = answer.headers.get('content-type');
  const content = documented.content[type?.split(';')[0] ?? ''];
  if (!content) throw new Error(`${said} as ${type}, which is not documented`);
  if (type?.includes('json') === true) matches(content.schema, await answer.clone().json());
}

async function requireProblem(answer: Response, status: number, name: string): Promise<void> {
  if (answer.status !== status) throw new Error(`${name} is not documented and answered ${answer.status}`);
  if (status === 405 && !answer.headers.has('allow')) throw new Error(`${name} answered 405 without Allow`);
  const text = await answer.clone().text();
  if (text !== '') problemSchema.parse(JSON.parse(text));
}

function bodyChecker({ components }: OpenApiDocument): BodyChecker {
  const $defs: unknown = JSON.parse(withLocalRefs(components.schemas));
  const compiled = new Map<string, z.ZodType>();
  return (given, body) => {
    const key = withLocalRefs(given);
    const schema = compiled.get(key) ?? z.fromJSONSchema({ ...JSON.parse(key), $defs });
    compiled.set(key, schema);
    schema.parse(body);
  };
}

function withLocalRefs(schema: unknown): string {
  return JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/');
}
