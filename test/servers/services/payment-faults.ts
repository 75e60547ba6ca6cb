import { setTimeout as pause } from 'node:timers/promises';
import { draw, forgetKeys, instead, isCapture, isCharge, isRefund, isUnder, isVoid } from './fault-parts.ts';
import type { FaultCase } from './faulty-service.ts';

/** Each fault of a payment service once. */
export const paymentFaults: readonly FaultCase[] = [
  ['payment', 'charges again for a repeated key', 'charge-repeated', forgetKeys],
  ['payment', 'charges several times for one key in parallel', 'charge-in-parallel', forgetKeys],
  [
    'payment',
    'takes a key for another amount',
    'charge-key-reused',
    instead(
      (call, { status }) => isCharge(call) && status === 422,
      () => ({ status: 200, body: { id: 'x', status: 'CAPTURED' } }),
    ),
  ],
  [
    'payment',
    'declines with 400',
    'charge-declined',
    instead(
      (call, { status }) => isCharge(call) && status === 402,
      ({ body }) => ({ status: 400, body }),
    ),
  ],
  [
    'payment',
    'fails at an unknown method',
    'charge-method-unknown',
    instead(
      (call, { status }) => isCharge(call) && status === 400,
      () => ({ status: 500, body: { code: 'INTERNAL' } }),
    ),
  ],
  [
    'payment',
    'does not find charges',
    'charge-found',
    instead(isUnder('/payments?'), () => ({ status: 200, body: { data: [] } })),
  ],
  [
    'payment',
    'says of a charge what no payment is',
    'charge',
    instead(
      (call, { status }) => isCharge(call) && status === 201,
      ({ status, body }) => ({ status, body: { ...body, status: 'SUCCEEDED' } }),
    ),
  ],
  [
    'payment',
    'refunds without saying how much',
    'refund-repeated',
    instead(
      (call, { status }) => isRefund(call) && status === 200,
      () => ({ status: 200, body: { ok: true } }),
    ),
  ],
  [
    'payment',
    'lists payments without their refunds',
    'payments-listed',
    instead(isUnder('/payments?from='), ({ status, body }) => ({
      status,
      body: { ...body, data: body.data.map((one: object) => ({ ...one, refunded_amount: '0.00' })) },
    })),
  ],
  [
    'payment',
    'lists the first page only',
    'payments-listed',
    instead(isUnder('/payments?from='), ({ status, body }) => ({ status, body: { ...body, next_cursor: null } })),
  ],
  [
    'payment',
    'refuses fields that it does not know',
    'charge-unknown-fields',
    (call, next) =>
      isCharge(call) && Object.keys(call.body).length > 4
        ? Promise.resolve({ status: 400, body: { code: 'VALIDATION' } })
        : next(),
  ],
  [
    'payment',
    'cuts keys off',
    'charge-long-key',
    (call, next) => next((call.key && { key: call.key.slice(0, 100) }) || {}),
  ],
  [
    'payment',
    'says only what this void refunded',
    'void-repeated',
    (() => {
      const seen = new Set<string>();
      return async (call, next) => {
        const right = await next();
        if (!isVoid(call) || seen.size !== seen.add(call.path).size) return right;
        return { ...right, body: { ...right.body, refunded: '0.00' } };
      };
    })(),
  ],
  [
    'payment',
    'forgets a void that came before the charge',
    'void-before-charge',
    async (call, next) => {
      if (!isCharge(call)) return next();
      const right = await next();
      return right.status === 409 ? { status: 201, body: { id: 'x', status: 'CAPTURED' } } : right;
    },
  ],
  [
    'payment',
    'keeps a charge that was made beside a void',
    'void-beside-charge',
    async (call, next) => {
      const isLookup = call.path.startsWith('/payments?');
      const right = await next();
      if (!isLookup) return right;
      const data = right.body.data.map((one: object) => ({ ...one, status: 'CAPTURED' }));
      return { ...right, body: { data } };
    },
  ],
  [
    'payment',
    'voids the whole order for one key',
    'void-one-key',
    (call, next) => (isVoid(call) && call.body?.idempotency_key ? next({ body: {} }) : next()),
  ],
  [
    'payment',
    'does not except charges from a void',
    'void-except',
    (call, next) => (isVoid(call) && call.body?.except ? next({ body: {} }) : next()),
  ],
  [
    'payment',
    'refunds again for a repeated key',
    'refund-repeated',
    (call, next) => (isRefund(call) ? next({ key: `${call.key}:${draw()}` }) : next()),
  ],
  [
    'payment',
    'accepts refunds of more than is left',
    'refunds-in-parallel',
    instead(
      (call, { status }) => isRefund(call) && status === 409,
      () => ({ status: 200, body: {} }),
    ),
  ],
  [
    'payment',
    'refunds what it can of a refund that is too large',
    'refund-spans-charges',
    instead(
      (call, { status }) => isRefund(call) && status === 409,
      () => ({ status: 200, body: {} }),
    ),
  ],
  [
    'payment',
    'takes the key of a refund for another amount',
    'refund-key-reused',
    instead(
      (call, { status }) => isRefund(call) && status === 422,
      () => ({ status: 200, body: {} }),
    ),
  ],
  [
    'payment',
    'gives yen two decimals',
    'charge-in-jpy',
    instead(
      ({ body }) => body?.currency === 'JPY',
      (right) => ({ ...right, body: { ...right.body, amount: `${right.body.amount}.00` } }),
    ),
  ],
  [
    'payment',
    'fails at what it can not make sense of',
    'error-shape',
    instead(
      (_, { status }) => status === 400,
      () => ({ status: 500, body: 'oops' }),
    ),
  ],
  [
    'payment',
    'is slow',
    'time-limit',
    async (call, next) => {
      if (isCharge(call) && call.body.currency === 'KWD') await pause(1_600);
      return next();
    },
  ],
  [
    'payment',
    'answers a capture after the void as one that was made',
    'authorize-released',
    instead(
      (call, { status }) => isCapture(call) && status === 409,
      () => ({ status: 201, body: { id: 'x', status: 'CAPTURED' } }),
    ),
  ],
  [
    'payment',
    'captures again for a repeated key',
    'capture-repeated',
    (call, next) => (isCapture(call) ? next({ key: `${call.key}:${draw()}` }) : next()),
  ],
  [
    'payment',
    'never makes a capture final',
    'capture-part',
    (call, next) => (isCapture(call) ? next({ body: { ...call.body, final: false } }) : next()),
  ],
  [
    'payment',
    'captures more than is authorised, as it says',
    'capture-exceeds',
    instead(
      (call, { status }) => isCapture(call) && status === 409,
      () => ({ status: 201, body: { id: 'x', status: 'CAPTURED' } }),
    ),
  ],
  [
    'payment',
    'takes the key of a capture for another amount',
    'capture-key-reused',
    instead(
      (call, { status }) => isCapture(call) && status === 422,
      () => ({ status: 200, body: { id: 'x', status: 'CAPTURED' } }),
    ),
  ],
];
