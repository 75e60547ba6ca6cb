import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Context, MiddlewareHandler } from 'hono';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SandboxEnv } from '../../../dev/sandbox/request.ts';

const folder = join(import.meta.dirname, '../../../docs/services');

/** The services whose protocol is written down. */
export const documentedServices = ['inventory', 'payment', 'customer', 'notification', 'review'] as const;

const reference = z.object({ $ref: z.string() });
const content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).optional();
const parameter = z.object({ name: z.string(), in: z.string(), required: z.boolean().optional() });
const operation = z.object({
  operationId: z.string(),
  parameters: z.array(reference),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.union([reference, z.object({ content })])),
});
const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({
    parameters: z.record(z.string(), parameter),
    responses: z.record(z.string(), z.object({ content })),
  }),
});

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly needed: readonly { readonly name: string; readonly in: string }[];
  readonly body: Check;
  /** By status or `default`. */
  readonly answers: ReadonlyMap<string, Check>;
}

/** What a body has to be, compiled when it is first asked for, since few are; `undefined`: there is none. */
type Check = () => ValidateFunction | undefined;

/**
 * Returns a middleware that holds each call of a documented operation, and its answer, to the services' documents; `report` is told
 * of each deviation. A request that is refused may be as it likes.
 */
export function holdToDocuments(report: (deviation: string) => void): MiddlewareHandler<SandboxEnv> {
  const operations = readOperations();
  return async (c, next) => {
    const called = operations.find((one) => isCalled(one, c));
    if (!called) return next();
    const body = called.body() ? await c.req.text() : '';
    await next();
    // A fault has cut the connection, and nobody sees an answer.
    if (c.env.outgoing?.destroyed === true) return;
    const { status } = c.res;
    const tell = (what: string) => report(`${called.name} (${c.req.method} ${c.req.path}, ${status}): ${what}`);
    if (status >= 200 && status < 300) checkRequest(c, called, body, tell);
    checkAnswer(called, status, await c.res.clone().text(), tell);
  };
}

/** A request without the query of an operation is one of the sandbox's own, such as the list of all payments. */
function isCalled({ method, path, needed }: Operation, c: Context): boolean {
  if (method !== c.req.method || !path.test(c.req.path)) return false;
  return needed.every(({ name, in: place }) => place !== 'query' || c.req.query(name) !== undefined);
}

function checkRequest(c: Context, { needed, body: check }: Operation, body: string, tell: (what: string) => void) {
  const validate = check();
  const missing = needed.find(({ name, in: place }) => place === 'header' && c.req.header(name) === undefined);
  if (missing) tell(`no header ${missing.name}`);
  if (validate && !validate(JSON.parse(body))) tell(`the request ${faultsOf(validate)}: ${body}`);
}

function checkAnswer({ answers }: Operation, status: number, text: string, tell: (what: string) => void): void {
  const name = String(status);
  if (!answers.has(name) && status < 500) return tell('the answer is not documented');
  const validate = answers.get(answers.has(name) ? name : 'default')?.();
  if (!validate) return text === '' ? undefined : tell(`the answer has a body: ${text}`);
  if (!validate(JSON.parse(text))) tell(`the answer ${faultsOf(validate)}: ${text}`);
}

function faultsOf(validate: ValidateFunction): string {
  return (validate.errors ?? [])
    .map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
    .join('; ');
}

/** Method and path of every operation in the services' documents. */
export function documentedRoutes(): [method: string, path: string][] {
  return documentedServices.flatMap((service) =>
    Object.entries(readDocument(service).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), path]),
    ),
  );
}

function readDocument(service: string): z.output<typeof document> {
  return document.parse(parse(readFileSync(join(folder, `${service}.yaml`), 'utf8')));
}

let operationsRead: readonly Operation[] | undefined;

function readOperations(): readonly Operation[] {
  operationsRead ??= documentedServices.flatMap(operationsOf);
  return operationsRead;
}

function operationsOf(service: string): Operation[] {
  const { paths, components } = readDocument(service);
  // That the documents hold valid schemas is seen where documents are checked.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(withoutMore({ $id: service, components }) as AnySchemaObject);
  const compile = (given: z.output<typeof content>): Check => {
    const pointer = given?.['application/json']?.schema['$ref'];
    if (typeof pointer !== 'string') return () => undefined;
    let validate: ValidateFunction | undefined;
    return () => (validate ??= ajv.compile({ $ref: service + pointer }));
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters, requestBody, responses }]) => ({
      name: `${service}.${operationId}`,
      method: method.toUpperCase(),
      path: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      needed: parameters
        .map(({ $ref }) => components.parameters[lastOf($ref)])
        .filter((one) => one?.required === true)
        .flatMap((one) => one ?? []),
      body: compile(requestBody?.content),
      answers: new Map(
        Object.entries(responses).map(([status, answer]) => {
          const found = '$ref' in answer ? components.responses[lastOf(answer.$ref)] : answer;
          return [status, compile(found?.content)] as const;
        }),
      ),
    })),
  );
}

function lastOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1);
}

/** A service may add fields, and so may this system; what the sandbox and this system say themselves has to be written down. */
function withoutMore(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutMore);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, value]) => [name, name === 'if' ? value : withoutMore(value)]);
  const isClosed = 'type' in schema && schema.type === 'object' && 'properties' in schema;
  const isOpen = 'additionalProperties' in schema;
  return Object.fromEntries([...entries, ...(isClosed && !isOpen ? [['unevaluatedProperties', false]] : [])]);
}
