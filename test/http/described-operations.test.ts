import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventTypes } from '../../src/domain/order-event.ts';
import { problemSchema, problems } from '../../src/http/problems/problem.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';
import { operationsOf, type Operation, type Schema } from './openapi-contract.ts';

let rig: ApiRig;
let operations: [name: string, operation: Operation & Described][];

interface Described {
  readonly description?: string;
}

/** The document, as far as other tests don't look at it. */
interface Document {
  readonly webhooks: Record<string, { readonly post: Operation & Described }>;
  readonly components: { readonly schemas: Record<string, Schema & { readonly example?: unknown }> };
}

let document: Document;

beforeAll(async () => {
  rig = await startApiRig();
  operations = [...operationsOf(rig.document)];
  document = rig.document;
});
afterAll(() => rig.stop());

describe('the document', () => {
  test('describes every operation and every parameter, and the webhooks, too', () => {
    const all = [...operations, ...Object.entries(document.webhooks).map(([name, { post }]) => [name, post] as const)];
    expect(all.length).toBeGreaterThan(35);
    const bare = all.flatMap(([name, { description, parameters = [] }]) => [
      ...(description ? [] : [name]),
      ...parameters.filter((one) => !one.description).map((one) => `${name}: ${one.name}`),
    ]);
    expect(bare).toEqual([]);
  });

  test('has an example for every code that an answer of an error names, as the API would write it', () => {
    let checked = 0;
    for (const [name, { responses }] of operations) {
      for (const [status, answer] of Object.entries(responses)) {
        if (Number(status) < 400) continue;
        const { description = '', content = {} } = answer as Described & Pick<typeof answer, 'content'>;
        const [media] = Object.values(content) as { examples?: Record<string, { value: unknown }> }[];
        const codes = [...description.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, code]) => code ?? '');
        const named = codes.filter((code) => code in problems);
        expect([name, status, Object.keys(media?.examples ?? {})]).toEqual([name, status, named]);
        expect(named.length).toBeGreaterThan(0);
        for (const [code, { value }] of Object.entries(media?.examples ?? {})) {
          expect(problemSchema.parse(value)).toMatchObject({ code, status: Number(status) });
          checked += 1;
        }
      }
    }
    expect(checked).toBeGreaterThan(300);
  });

  test('describes a webhook for every type of event, with an example', () => {
    expect(Object.keys(document.webhooks)).toEqual([...eventTypes]);
    const { requestBody } = document.webhooks['order.return_opened']?.post ?? {};
    expect(requestBody?.content).toEqual({
      'application/cloudevents+json': { schema: { $ref: '#/components/schemas/OrderReturnOpened' } },
    });
    const { properties, example } = document.components.schemas['OrderReturnOpened'] ?? {};
    expect(properties).toMatchObject({ data: { $ref: '#/components/schemas/OrderReturnOpenedData' } });
    expect(example).toMatchObject({ type: 'order.return_opened', data: { items: [{ quantity: 1 }] } });
    expect(document.components.schemas['PaymentWebhook']?.example).toMatchObject({ type: 'payment.captured' });
  });

  test('has an example of an order that can be placed as it stands', async () => {
    const example = document.components.schemas['OrderRequest']?.example;
    expect(example).toMatchObject({ customer_id: 'demo' });
    const { status, body } = await rig.request('POST', '/api/v1/orders', { sub: 'demo', body: example });
    expect([status, body.status, body.items[0].sku]).toEqual([201, 'CONFIRMED', 'TEA-001']);
  });
});
