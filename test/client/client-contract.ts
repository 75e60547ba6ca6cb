import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { operationsOf, type OpenApiDocument, type Operation, type Schema } from '../http/openapi-contract.ts';

/** Called by the payment service, which signs, and not with a token. */
const NOT_FOR_CLIENTS = new Set(['receivePaymentWebhook']);

/** Read by `followOrder`, which knows how to resume it. */
const STREAM = 'streamOrderEvents';

/** Its answer to what has not changed has no body, so that it would have no type. */
const CONDITIONAL_READ = 'If-None-Match';

/** An installation sets these values, so that a client has to take any. */
const CONFIGURED = new Set(['shipping_method']);

/** The source of the client's `contract.ts`: the types of `document`, and each operation's method, path and types. */
export async function clientContract(document: OpenApiDocument): Promise<string> {
  const operations = [...operationsOf(document)].filter(
    ([, { operationId }]) => !NOT_FOR_CLIENTS.has(operationId) && operationId !== STREAM,
  );
  const schema = {
    title: 'Operations',
    description: 'What each operation takes and answers.',
    ...objectOf(
      operations.map(([, operation]) => ({ name: operation.operationId, schema: typesOf(operation), required: true })),
    ),
    definitions: withoutWebhooks(document),
  };
  const types = await compile(adapted(schema) as JSONSchema, 'Operations', {
    additionalProperties: false,
    bannerComment: BANNER,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
    style: { singleQuote: true, printWidth: 120, trailingComma: 'all' },
  });
  const routes = operations.map(([name, { operationId }]) => {
    const [method, path] = name.split(' ');
    return `  ${operationId}: ['${method}', '${path}'],\n`;
  });
  return `${withoutProvenance(types)}
/** The method and path of each operation. */
export const routes = {
${routes.join('')}} as const satisfies Record<keyof Operations, readonly [string, string]>;
`;
}

/** Those of the document, without what is sent to whoever has subscribed: a client only calls. */
function withoutWebhooks({ components, webhooks }: OpenApiDocument) {
  const sent = Object.values(webhooks).flatMap(({ post }) =>
    Object.values(post.requestBody?.content ?? {}).map(({ schema }) => String(Object(schema).$ref).split('/').at(-1)),
  );
  return Object.fromEntries(Object.entries(components.schemas).filter(([name]) => !sent.includes(name)));
}

const BANNER = `// Made from the API's OpenAPI document. After a change of the API: npm run generate:client`;

/** Without what the generator says of every definition, as a comment of its own or at the end of a description. */
function withoutProvenance(source: string): string {
  const provenance = ` \\* This interface was referenced by \`Operations\`'s JSON-Schema\n \\* via the \`definition\` "\\w+"\\.\n`;
  return source
    .replaceAll(new RegExp(`/\\*\\*\n${provenance} \\*/\n`, 'g'), '')
    .replaceAll(new RegExp(` \\*\n${provenance}`, 'g'), '');
}

interface Field {
  readonly name: string;
  readonly schema: object;
  readonly required: boolean;
}

/** What one operation takes, in one flat object beside `body` and `headers`, and what it answers when all is well. */
function typesOf({ summary, parameters = [], requestBody, responses }: Operation) {
  const fieldOf = ({ name, description, required, schema }: (typeof parameters)[number]): Field => ({
    name,
    schema: { ...schema, ...(description !== undefined && { description }) },
    required: required === true,
  });
  const inAddress = parameters.filter(({ in: place }) => place === 'path' || place === 'query').map(fieldOf);
  const ownHeaders = parameters
    .filter(({ in: place, name }) => place === 'header' && name !== CONDITIONAL_READ)
    .map(fieldOf);
  const clash = inAddress.find(({ name }) => ['body', 'headers', 'signal'].includes(name));
  if (clash) throw new Error(`the client has another meaning for the parameter ${clash.name}`);
  const [body] = Object.entries(requestBody?.content ?? {});
  const headers = body === undefined || isJson(body) ? ownHeaders : [...ownHeaders, charsetHeader];
  const answers = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    status < '300' ? Object.entries(content).map((answer) => typeOf('answer', answer)) : [],
  );
  const different = [...new Map(answers.map((answer) => [JSON.stringify(answer), answer])).values()];
  const request = [
    ...inAddress,
    ...(body ? [{ name: 'body', schema: typeOf('request', body), required: requestBody?.required === true }] : []),
    ...(headers.length > 0
      ? [{ name: 'headers', schema: objectOf(headers), required: headers.some(({ required }) => required) }]
      : []),
  ];
  return {
    description: summary,
    ...objectOf([
      { name: 'request', schema: objectOf(request), required: true },
      ...(different.length > 0
        ? [{ name: 'answer', schema: different.length === 1 ? different[0]! : { anyOf: different }, required: true }]
        : []),
    ]),
  };
}

/** A file may be in any encoding that the API reads. */
const charsetHeader: Field = {
  name: 'Content-Type',
  schema: { type: 'string', description: '`text/csv` unless given; with a `charset` when it is not that of Unicode.' },
  required: false,
};

function objectOf(fields: readonly Field[]) {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  };
}

/** What is not JSON is streamed; a request may also give it as a whole. */
function typeOf(direction: 'request' | 'answer', documented: DocumentedBody): object {
  if (isJson(documented)) return Object(documented[1].schema) as object;
  return { tsType: direction === 'request' ? 'string | ReadableStream<Uint8Array>' : 'ReadableStream<Uint8Array>' };
}

type DocumentedBody = [mediaType: string, { schema: unknown }];

function isJson([mediaType]: DocumentedBody): boolean {
  return mediaType === 'application/json';
}

/** The schema as a client sees it, whose definitions are where the generator looks for them. */
function adapted(schema: unknown): unknown {
  const text = JSON.stringify(schema).replaceAll('#/components/schemas/', '#/definitions/');
  return JSON.parse(text, (key, value: Schema) => {
    if (value === null || typeof value !== 'object') return value;
    // Text that holds JSON arrives parsed.
    if (value['contentSchema'] !== undefined) return value['contentSchema'];
    const { enum: values, oneOf, ...rest } = value;
    if (CONFIGURED.has(key) && values !== undefined) return rest;
    // Which fields go together is left to the API: types that said so would be harder to read than its refusal.
    return Array.isArray(oneOf) && oneOf.every((one: object) => Object.keys(one).join() === 'required') ? rest : value;
  }) as unknown;
}
