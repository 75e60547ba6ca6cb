import { setTimeout as delay } from 'node:timers/promises';
import { chunked, head, type HostileRequest, type Tokens } from './hostile-request.ts';

const MEGABYTE = Buffer.alloc(1_000_000, 'x');

const json = { 'content-type': 'application/json' };

/** A request with a megabyte of the body that it promises. */
const stalled = (start: string, token: string | undefined, length: number) => () => [
  head(start, { ...(token !== undefined && { token }), headers: { ...json, 'content-length': String(length) } }),
  MEGABYTE,
];

/** A request without anything of the body that it promises. */
const small = (start: string, token: string) => () => [
  head(start, { token, headers: { ...json, 'content-length': '1000' } }),
];

/** Bodies that don't come to an end: what the headers say is answered at once, and what is read is bounded. */
export function stalledBodies(tokens: Tokens): HostileRequest[] {
  return [...unwantedBodies(tokens), ...slowBodies(tokens)];
}

/** What the headers show to be refused. */
function unwantedBodies({ customer, service }: Tokens): HostileRequest[] {
  return [
    {
      name: 'without a token, 40 at a time',
      times: 40,
      expects: [401],
      pieces: stalled('POST /api/v1/orders', undefined, 20_000_000),
    },
    {
      name: 'with a token that is none',
      expects: [401],
      pieces: stalled('POST /api/v1/orders', 'a.b.c', 5_000_000),
    },
    {
      name: 'for a role that may not',
      times: 10,
      expects: [403],
      pieces: stalled('POST /api/v1/orders/batch', customer, 20_000_000),
    },
    {
      name: 'for a path that is none',
      times: 10,
      expects: [404],
      pieces: stalled('POST /api/v1/nothing', customer, 20_000_000),
    },
    {
      name: 'with a method that is none',
      times: 10,
      expects: [405],
      pieces: stalled('PUT /api/v1/orders', customer, 20_000_000),
    },
    {
      name: 'of more than an order may have',
      times: 10,
      expects: [413],
      pieces: stalled('POST /api/v1/orders', customer, 256_001),
    },
    {
      name: 'of more than anything has',
      expects: [413],
      pieces: stalled('POST /api/v1/orders/batch', service, 1e15),
    },
    {
      name: 'that is no JSON',
      times: 10,
      expects: [415],
      pieces: () => [
        head('POST /api/v1/orders', {
          token: customer,
          headers: { 'content-type': 'text/plain', 'content-length': '1000' },
        }),
      ],
    },
    {
      name: 'of a webhook that is not signed',
      times: 10,
      expects: [401],
      pieces: () => [head('POST /api/v1/webhooks/payments', { headers: { ...json, 'content-length': '60000' } })],
    },
    {
      name: 'that waits to be told to go on',
      expects: [401],
      says: /^HTTP\/1\.1 401/,
      pieces: () => [
        head('POST /api/v1/orders', { headers: { ...json, 'content-length': '100', expect: '100-continue' } }),
      ],
    },
  ];
}

/** What is wanted, and does not come. */
function slowBodies({ customer, service, staff }: Tokens): HostileRequest[] {
  return [
    { name: 'of an order', times: 100, expects: [408], pieces: small('POST /api/v1/orders', customer) },
    { name: 'of a command', expects: [408], pieces: small('POST /api/v1/orders/x/cancel', staff) },
    {
      name: 'of a file',
      expects: [408],
      pieces: () => [
        head('POST /api/v1/imports', {
          token: service,
          headers: { 'content-type': 'text/csv', 'content-length': '1000' },
        }),
        'order,sku',
      ],
    },
    {
      name: 'of orders that almost came, 60 at a time',
      times: 60,
      expects: [408, 503],
      pieces: chunked('POST /api/v1/orders', customer, () => almost(255_000)),
    },
    {
      name: 'of batches that almost came, 8 at a time',
      times: 8,
      expects: [408, 503],
      pieces: chunked('POST /api/v1/orders/batch', service, () => almostOrders(19_800_000)),
    },
    { name: 'a few bytes a second', expects: [408], pieces: chunked('POST /api/v1/orders', customer, trickle) },
    {
      name: 'a few bytes a second, of a file',
      times: 4,
      expects: [408],
      pieces: chunked('POST /api/v1/imports', service, trickle, { 'content-type': 'text/csv' }),
    },
  ];
}

/** Never ends; whoever reads it has had enough before. */
async function* almost(bytes: number) {
  for (let left = bytes; left > 0; left -= 60_000) yield MEGABYTE.subarray(0, Math.min(left, 60_000));
  await new Promise(() => {});
}

async function* almostOrders(bytes: number) {
  const order = `{"notes":"${'x'.repeat(60_000)}"},`;
  yield '{"orders":[';
  for (let left = bytes; left > 0; left -= order.length) yield order;
  await new Promise(() => {});
}

async function* trickle() {
  for (;;) {
    yield ' ';
    await delay(50);
  }
}
