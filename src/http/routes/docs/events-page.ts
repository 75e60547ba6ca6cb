import { html, raw } from 'hono/html';
import type { AsyncApiDocument, Operation } from '../../../events/catalogue/async-api.ts';
import type { Message } from '../../../events/catalogue/message-parts.ts';
import type { JsonSchema } from '../../../events/catalogue/json-schemas.ts';

/** A page that shows the AsyncAPI document: who sends what where, and each message with its fields and an example. Nothing in it is loaded from elsewhere. */
export function eventsPage(document: AsyncApiDocument) {
  const { info } = document;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title}</title>
        <link rel="icon" type="image/png" href="favicon-32x32.png" />
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>
          <h1>${info.title}</h1>
          <p>${info.description}</p>
          <p><a href="../asyncapi.json">AsyncAPI document</a> · <a href="../docs">Reference of the API</a></p>
          <h2>Published</h2>
          ${showDirection(document, 'send')}
          <h2>Consumed</h2>
          ${showDirection(document, 'receive')}
        </main>
      </body>
    </html>`;
}

function showDirection(document: AsyncApiDocument, action: Operation['action']) {
  const operations = Object.values(document.operations).filter((operation) => operation.action === action);
  return html`${operations.map((operation) => showOperation(document, operation))}
  ${messagesOf(document, operations).map((message) => showMessage(document, anchor(action, message.name), message))}`;
}

function showOperation(document: AsyncApiDocument, operation: Operation) {
  const { action, description: what } = operation;
  const { address, description, messages } = channelOf(document, operation);
  const names = Object.keys(messages).map((name) => document.components.messages[name]?.name ?? name);
  return html`<section>
    <h3>${address === null ? 'Webhook endpoints' : html`<code>${address}</code>`}</h3>
    <p>${what} ${description}</p>
    <p class="names">${names.map((name) => html`<a href="#${anchor(action, name)}">${name}</a> `)}</p>
  </section>`;
}

/** Each type of event once, however many ways it goes, as its first channel has it. */
function messagesOf(document: AsyncApiDocument, operations: readonly Operation[]): Message[] {
  const byType = new Map<string, Message>();
  for (const operation of operations) {
    for (const name of Object.keys(channelOf(document, operation).messages)) {
      const message = document.components.messages[name]!;
      if (!byType.has(message.name)) byType.set(message.name, message);
    }
  }
  return [...byType.values()];
}

function channelOf({ channels }: AsyncApiDocument, { channel }: Operation) {
  return channels[channel.$ref.replace('#/channels/', '')]!;
}

/** The place of a message on the page: services tell of payments by the names by which they are told of. */
function anchor(action: Operation['action'], type: string): string {
  return action === 'send' ? type : `received-${type}`;
}

function showMessage(
  document: AsyncApiDocument,
  place: string,
  { name, summary, payload, examples: [example] }: Message,
) {
  const { properties = {}, required = [] } = contentsOf(document, payload) as Fields;
  const rows = Object.entries(properties).map(([field, about]) =>
    showField(document, field, about, required.includes(field)),
  );
  return html`<section id="${place}">
    <h3><code>${name}</code></h3>
    <p>${summary}</p>
    <table>
      <tr>
        <th>field</th>
        <th>type</th>
        <th></th>
      </tr>
      ${rows}
    </table>
    <pre>${JSON.stringify(example?.payload, undefined, 2)}</pre>
  </section>`;
}

interface Fields {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function showField(document: AsyncApiDocument, field: string, schema: JsonSchema, isRequired: boolean) {
  return html`<tr>
    <td><code>${field}</code></td>
    <td>${nameType(document, schema)}${isRequired ? '' : ', optional'}</td>
    <td>${schema['description'] ?? ''}</td>
  </tr>`;
}

/** Longer lists, such as that of currencies, are in the document. */
const MAX_LISTED = 20;

function nameType(document: AsyncApiDocument, given: JsonSchema): string {
  const { type, format, anyOf, enum: values, const: only, items } = resolve(document, given);
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(values) && values.length <= MAX_LISTED) return values.join(' | ');
  if (Array.isArray(anyOf)) return anyOf.map((one: JsonSchema) => nameType(document, one)).join(' | ');
  if (type === 'array') return `list of ${nameType(document, (items ?? {}) as JsonSchema)}`;
  if (typeof format === 'string') return format;
  return typeof type === 'string' ? type : 'anything';
}

/** What a message tells, without the attributes around it. */
function contentsOf(document: AsyncApiDocument, payload: JsonSchema): JsonSchema {
  const schema = resolve(document, payload);
  const { data } = (schema as Fields).properties ?? {};
  return data ? resolve(document, data) : schema;
}

function resolve({ components }: AsyncApiDocument, schema: JsonSchema): JsonSchema {
  const { $ref } = schema;
  if (typeof $ref !== 'string') return schema;
  return components.schemas[$ref.replace('#/components/schemas/', '')] ?? {};
}

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1b1f24; background: #fff; }
  main { max-width: 60rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
  section { border-top: 1px solid #d8dee4; padding: 0.5rem 0; }
  code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
  pre { background: #f3f5f7; padding: 0.75rem; overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
  a { color: #0b5cad; }
  .names a { margin-right: 0.5rem; }
  @media (prefers-color-scheme: dark) {
    body { color: #e6e9ec; background: #14181d; }
    pre { background: #1e242b; }
    section { border-color: #333b44; }
    a { color: #7cb8f5; }
  }
`;
