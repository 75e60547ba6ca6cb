import { appendFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { signEvent } from '../../dev/stripe/sign-event.ts';
import { startApiRig, type ApiRig, type RequestOptions } from './api-rig.ts';
import { operationsOf, type Operation, type OpenApiDocument, type Schema } from './openapi-contract.ts';
import { roles } from '../../src/domain/caller.ts';

const PAYMENT_WEBHOOK_SECRET = `whsec_${Buffer.from('the secret of the payment service').toString('base64')}`;
const STRIPE_SECRET = 'whsec_of_stripe';
const secrets = {
  PAYMENT_WEBHOOK_SECRET,
  INVENTORY_WEBHOOK_SECRET: PAYMENT_WEBHOOK_SECRET,
  SHIPPING_WEBHOOK_SECRET: PAYMENT_WEBHOOK_SECRET,
  PAYMENT_PROVIDER: 'stripe',
  STRIPE_SECRET_KEY: 'sk_test_key',
  STRIPE_WEBHOOK_SECRETS: STRIPE_SECRET,
};

let rig: ApiRig;
let operations: Map<string, Operation>;
let orderId: string;
let itemId: string;

beforeAll(async () => {
  rig = await startApiRig({ settings: secrets });
  operations = operationsOf(rig.document);
  const { body } = await rig.place();
  orderId = body.id;
  itemId = body.items[0].id;
  // What a whole run is held against in the end.
  const documented = [...operations].flatMap(([name, { responses }]) =>
    Object.keys(responses).map((status) => `? ${name} ${status}\n`),
  );
  appendFileSync(inject('answersFile'), documented.join(''));
});
afterAll(() => rig.stop());

/** The operations that document a status, each asked in a way that should bring it; those that answered otherwise, by what. */
async function otherwise(
  status: number,
  ask: (name: string, operation: Operation) => Promise<{ status: number } | undefined>,
) {
  const wrong: Record<string, number | undefined> = {};
  let asked = 0;
  for (const [name, operation] of operations) {
    if (operation.responses[status] === undefined) continue;
    asked += 1;
    const answer = await ask(name, operation);
    if (answer?.status !== status) wrong[name] = answer?.status;
  }
  return { wrong, asked };
}

const csv = 'order_reference,sku,quantity\na,TEA-001,2\n';

/** Sends a valid request of the operation, with what differs. */
async function send(
  name: string,
  operation: Operation,
  given: RequestOptions & { path?: Record<string, string>; query?: string } = {},
) {
  const [method = '', template = ''] = name.split(' ');
  const values: Record<string, string> = { id: orderId, item_id: itemId, ...given.path };
  const path = template.replaceAll(
    /\{(\w+)\}/g,
    (_, parameter: string) => values[parameter] ?? String(exampleOfParameter(operation, parameter)),
  );
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const valid = () => (type === 'text/csv' ? csv : media && exampleOf(media.schema, rig.document));
  const body = given.body ?? valid();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return await rig.request(method, path + (given.query ?? ''), {
    as: 'admin',
    ...given,
    ...(body !== undefined && { body: text }),
    headers: {
      ...(type !== undefined && { 'content-type': type }),
      ...(text !== undefined && isSigned(operation) && signature(text)),
      ...given.headers,
    },
  });
}

describe('every operation', () => {
  test('refuses whoever does not say who they are', async () => {
    const { wrong, asked } = await otherwise(401, (name, operation) =>
      send(name, operation, { as: null, headers: isSigned(operation) ? badSignature : {} }),
    );
    expect(wrong).toEqual({});
    expect(asked).toBe(operations.size);
  });

  test('refuses a role that it is not for, where there is one', async () => {
    const { wrong } = await otherwise(403, async (name, operation) => {
      for (const as of roles) {
        const answer = await send(name, operation, { as, sub: 'mallory' });
        if (answer.status === 403) return answer;
      }
      // A signature has no role, and this is for every role: whoever has none is refused.
      return isSigned(operation)
        ? { status: 403 }
        : await send(name, operation, { token: await rig.token('mallory', []) });
    });
    expect(wrong).toEqual({});
  });

  test('refuses a body that is not JSON, not called JSON, or too large', async () => {
    const refused = {
      400: { body: '{' },
      413: { body: `"${'x'.repeat(20_000_000)}"` },
      415: { headers: { 'content-type': 'text/plain' } },
    };
    for (const [status, given] of Object.entries(refused)) {
      const { wrong, asked } = await otherwise(Number(status), async (name, operation) => {
        const isFile = operation.requestBody?.content['text/csv'] !== undefined;
        if (isFile && status === '413')
          return await send(name, operation, { headers: { 'content-length': '200000000' } });
        if (operation.requestBody && !(isFile && status === '400')) return await send(name, operation, given);
        // Without a body it is the query that can be wrong, or else the state of the order, which has tests of its own.
        const hasQuery = operation.parameters?.some((parameter) => parameter.in === 'query');
        return hasQuery ? await send(name, operation, { query: '?nonsense=1' }) : { status: 400 };
      });
      expect([status, wrong]).toEqual([status, {}]);
      expect(asked).toBeGreaterThan(5);
    }
  });

  test('refuses a body of which nothing comes', async () => {
    const silent = await startApiRig({ settings: { ...secrets, BODY_TIMEOUT: '20ms' } });
    const { wrong, asked } = await otherwise(408, async (name, operation) => {
      const type = Object.keys(operation.requestBody?.content ?? {})[0] ?? '';
      const headers = { authorization: `Bearer ${await rig.token('ann', ['admin'])}`, 'content-type': type };
      const [method = '', path = ''] = name.replaceAll(/\{\w+\}/g, 'x').split(' ');
      // Whatever is wrong beside it is told by the headers, or looked for later.
      const signed = isSigned(operation) ? signature('') : {};
      const body = new ReadableStream<Uint8Array>();
      const init = { method, headers: { ...headers, ...signed }, body, duplex: 'half' } as const;
      return await silent.api.request(path, init);
    });
    await silent.stop();
    expect(wrong).toEqual({});
    expect(asked).toBeGreaterThan(10);
  });

  test('refuses to change another version than the one that was seen, where it can be said', async () => {
    const { wrong, asked } = await otherwise(412, (name, operation) =>
      send(name, operation, { headers: { 'If-Match': '"99"' } }),
    );
    expect(wrong).toEqual({});
    expect(asked).toBeGreaterThan(0);
  });

  test('refuses a user who asks too often, and says when to come back', async () => {
    const limited = await startApiRig({ settings: { ...secrets, RATE_LIMIT: '2' } });
    const working = rig;
    rig = limited;
    const { wrong } = await otherwise(429, async (name, operation) => {
      // Each operation has a user of its own to wear out; whoever has no token, wears out their address.
      const given = isSigned(operation) ? { headers: badSignature } : { sub: name };
      for (let n = 0; n < 50; n += 1) {
        const answer = await send(name, operation, given);
        if (answer.status === 429) return answer;
      }
      return undefined;
    });
    rig = working;
    await limited.stop();
    expect(wrong).toEqual({});
  });
});

describe('every operation, when something is not there or fails,', () => {
  test('does not find what does not exist', async () => {
    const path = { id: 'ORD-99999999', code: 'NONSENSE', queue: 'RETRYING' };
    const { wrong, asked } = await otherwise(404, (name, operation) => send(name, operation, { path }));
    expect(wrong).toEqual({});
    expect(asked).toBeGreaterThan(5);
  });

  test('answers a failure without showing internals', async () => {
    const broken = await startApiRig({ settings: secrets });
    const { rows } = await broken.database.pool.query<{ tablename: string }>(
      `select tablename from pg_tables where schemaname = 'public'`,
    );
    for (const { tablename } of rows)
      await broken.database.pool.query(`alter table "${tablename}" rename to "no_${tablename}"`);
    const working = rig;
    rig = broken;
    const { wrong } = await otherwise(500, async (name, operation) => {
      const answer = await send(name, operation);
      expect(JSON.stringify(answer.body)).not.toMatch(/relation|no_order|select/);
      return answer;
    });
    rig = working;
    await broken.stop();
    expect(wrong).toEqual({});
  });

  test('says when to come back when the database is away', async () => {
    const away = await startApiRig({ settings: secrets });
    await away.databaseGone();
    const working = rig;
    rig = away;
    const { wrong } = await otherwise(503, send);
    rig = working;
    await away.stop();
    expect(wrong).toEqual({});
  });
});

function isSigned({ security = [] }: Operation): boolean {
  return security.some((scheme) => 'webhookSignature' in scheme || 'stripeSignature' in scheme);
}

const badSignature = { 'webhook-signature': 'v1,x', 'stripe-signature': 't=1,v1=x' };

function signature(body: string): Record<string, string> {
  const id = `msg_${crypto.randomUUID()}`;
  const at = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(PAYMENT_WEBHOOK_SECRET).sign(id, at, body),
    'stripe-signature': signEvent(body, [STRIPE_SECRET]),
  };
}

function exampleOfParameter({ parameters = [] }: Operation, name: string): unknown {
  const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
  return parameter?.example ?? (parameter && exampleOf(parameter.schema, rig.document));
}

/** The example of a schema, or one made of those of its required parts. */
function exampleOf(schema: Schema, document: OpenApiDocument): unknown {
  const named =
    schema.$ref === undefined ? undefined : document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
  if (named) return exampleOf(named, document);
  const {
    example,
    default: usual,
    enum: values,
    anyOf,
    oneOf,
    type,
    properties,
    required,
    items,
    minItems,
    minimum,
  } = schema;
  if (example !== undefined) return example;
  if (usual !== undefined) return usual;
  if (Array.isArray(values)) return values[0];
  const [choice] = (anyOf ?? []) as Schema[];
  if (choice) return exampleOf(choice, document);
  if (type === 'object') {
    const names = [
      ...((required ?? []) as string[]),
      ...(((oneOf ?? []) as { required?: string[] }[])[0]?.required ?? []),
    ];
    const parts = (properties ?? {}) as Record<string, Schema>;
    return Object.fromEntries(names.map((name) => [name, exampleOf(parts[name] ?? {}, document)]));
  }
  if (type === 'array')
    return Array.from({ length: Number(minItems ?? 0) }, () => exampleOf(items as Schema, document));
  if (type === 'integer' || type === 'number') return minimum ?? 1;
  if (type === 'boolean') return true;
  return schema['format'] === 'date-time'
    ? '2026-11-21T09:30:00Z'
    : schema['format'] === 'uuid'
      ? crypto.randomUUID()
      : 'x';
}
