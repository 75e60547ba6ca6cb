import { html, raw } from 'hono/html';
import type { AsyncApiDocument, Operation } from '../../../events/catalogue/async-api.ts';
import type { Message } from '../../../events/catalogue/async-api-messages.ts';
import type { JsonSchema } from '../../../events/catalogue/json-schemas.ts';

/** A page that shows the AsyncAPI document: who sends what where, and each message with its fields and an example. Nothing in it is loaded from elsewhere. */
export function eventsPage(document: AsyncApiDocument) {
  const { info, operations } = document;
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
          ${Object.values(operations).map((operation) => operation.action === 'send' && showOperation(document, operation))}
          <h2>Consumed</h2>
          ${Object.values(operations).map((operation) => operation.action === 'receive' && showOperation(document, operation))}
          <h2>Messages</h2>
          ${messagesOf(document).map((message) => showMessage(document, message))}
        </main>
      </body>
    </html>`;
}

function showOperation({ channels, components }: AsyncApiDocument, { description: what, channel }: Operation) {
  const { address, description, messages } = channels[channel.$ref.replace('#/channels/', '')]!;
  const names = Object.keys(messages).map((name) => components.messages[name]?.name ?? name);
  return html`<section>
    <h3>${address === null ? 'Webhook endpoints' : html`<code>${address}</code>`}</h3>
    <p>${what} ${description}</p>
    <p class="names">${names.map((name) => html`<a href="#${name}">${name}</a> `)}</p>
  </section>`;
}

/** Each message once, however many ways it goes. */
function messagesOf({ components }: AsyncApiDocument): Message[] {
  const messages = Object.values(components.messages);
  return messages.filter(({ name }, index) => messages.findIndex((one) => one.name === name) === index);
}

function showMessage(document: AsyncApiDocument, { name, summary, payload, examples: [example] }: Message) {
  const schema = resolve(document, payload);
  const { properties = {}, required = [] } = schema as Fields;
  const rows = Object.entries(properties).map(([field, about]) => showField(field, about, required.includes(field)));
  return html`<section id="${name}">
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

function showField(field: string, schema: JsonSchema, isRequired: boolean) {
  return html`<tr>
    <td><code>${field}</code></td>
    <td>${nameType(schema)}${isRequired ? '' : ', optional'}</td>
    <td>${schema['description'] ?? ''}</td>
  </tr>`;
}

function nameType({ type, format, anyOf, enum: values, const: only, items }: JsonSchema): string {
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(values)) return values.join(' | ');
  if (Array.isArray(anyOf)) return anyOf.map((one: JsonSchema) => nameType(one)).join(' | ');
  if (type === 'array') return `list of ${nameType((items ?? {}) as JsonSchema)}`;
  return typeof format === 'string' ? format : String(type ?? 'anything');
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
