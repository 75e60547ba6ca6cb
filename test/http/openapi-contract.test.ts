import { expect, test } from 'vitest';
import { contractOf, type OpenApiDocument } from './openapi-contract.ts';

const document = {
  paths: {
    '/api/v1/things/{id}': {
      get: {
        operationId: 'getThing',
        responses: {
          200: {
            headers: { ETag: { required: true } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          304: {},
        },
      },
    },
  },
  webhooks: {},
  components: { schemas: { Thing: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] } } },
} satisfies OpenApiDocument;

const check = contractOf(document);
const json = { 'content-type': 'application/json', ETag: '"1"' };
const get = async (body: string | null, init: ResponseInit) =>
  await check('GET', '/api/v1/things/1?x=y', new Response(body, init));

const fine = () => new Response('{"a":1}', { headers: json });

test('an answer as documented passes', async () => {
  await expect(get('{"a":1}', { headers: json })).resolves.toBeUndefined();
  await expect(get(null, { status: 304 })).resolves.toBeUndefined();
  await expect(check('HEAD', '/api/v1/things/1', new Response(null, { headers: json }))).resolves.toBeUndefined();
});

test.each<[string, string, ResponseInit]>([
  ['a status', '{"a":1}', { headers: json, status: 201 }],
  ['a body', '{"a":"1"}', { headers: json }],
  ['a media type', '{"a":1}', { headers: { ...json, 'content-type': 'text/plain' } }],
  ['the lack of a header', '{"a":1}', { headers: { 'content-type': 'application/json' } }],
])('%s that is not documented fails', async (_, body, init) => {
  await expect(get(body, init)).rejects.toThrow();
});

test('a path or a method that is not documented fails unless it is refused', async () => {
  await expect(check('GET', '/api/v1/secrets', fine())).rejects.toThrow('is not documented');
  await expect(check('PUT', '/api/v1/things/1', fine())).rejects.toThrow('is not documented');
  await expect(check('PUT', '/api/v1/things/1', new Response(null, { status: 405 }))).rejects.toThrow('without Allow');
});
