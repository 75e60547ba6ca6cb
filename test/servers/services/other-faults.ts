import { setTimeout as pause } from 'node:timers/promises';
import {
  bookOutAgain,
  draw,
  instead,
  isAmend,
  isRelease,
  isReserve,
  isRestock,
  isReview,
  isSend,
  isUnder,
} from './fault-parts.ts';
import type { FaultCase } from './faulty-service.ts';

/** Each fault of the other services once. */
export const otherFaults: readonly FaultCase[] = [
  [
    'inventory',
    'does not hold what it says',
    'reserve',
    (call, next) =>
      isReserve(call) ? next({ body: { ...call.body, items: [{ ...call.body.items[0], quantity: 1 }] } }) : next(),
  ],
  [
    'inventory',
    'holds again when a reservation is repeated',
    'reserve-repeated',
    (call, next) =>
      isReserve(call) ? next({ body: { ...call.body, order_id: `${call.body.order_id}${draw()}` } }) : next(),
  ],
  [
    'inventory',
    'sells the last unit to everybody',
    'reserve-last-unit',
    instead(
      (call, { status }) => isReserve(call) && status === 409,
      () => ({ status: 201, body: { id: 'x', status: 'HELD', expires_at: null } }),
    ),
  ],
  [
    'inventory',
    'does not say what is lacking',
    'reserve-all-or-nothing',
    instead(
      (call, { status }) => isReserve(call) && status === 409,
      ({ body }) => ({ status: 409, body: { code: body.code } }),
    ),
  ],
  [
    'inventory',
    'commits what was never reserved',
    'commit',
    instead(
      (call, { status }) => call.path.endsWith('/commit') && status === 404,
      () => ({ status: 200, body: {} }),
    ),
  ],
  [
    'inventory',
    'does not say until when it holds',
    'reserve',
    instead(
      (call, { status }) => isReserve(call) && status === 201,
      ({ status, body: { id, status: held } }) => ({ status, body: { id, status: held } }),
    ),
  ],
  ['inventory', 'books sold goods out again when a commit is repeated', 'commit', bookOutAgain()],
  [
    'inventory',
    'commits without saying anything',
    'commit',
    instead(
      (call, { status }) => call.path.endsWith('/commit') && status === 200,
      () => ({ status: 200, body: { ok: true } }),
    ),
  ],
  [
    'inventory',
    'amends without saying anything',
    'amend',
    instead(
      (call, { status }) => isAmend(call) && status === 200,
      () => ({ status: 200, body: undefined }),
    ),
  ],
  [
    'inventory',
    'puts goods back without saying anything',
    'restock-repeated',
    instead(
      (call, { status }) => isRestock(call) && status === 200,
      () => ({ status: 200, body: {} }),
    ),
  ],
  [
    'inventory',
    'counts one line of a product only',
    'reserve-lines-add-up',
    (call, next) => (isReserve(call) ? next({ body: { ...call.body, items: call.body.items.slice(0, 1) } }) : next()),
  ],
  [
    'inventory',
    'does not return sold goods',
    'release-repeated',
    (call, next) => (isRelease(call) ? Promise.resolve({ status: 200, body: {} }) : next()),
  ],
  [
    'inventory',
    'forgets a release that came before the reservation',
    'release-before-reserve',
    instead(
      (call, { body }) => isReserve(call) && body.code === 'RESERVATION_RELEASED',
      () => ({ status: 201, body: { id: 'x', status: 'HELD', expires_at: null } }),
    ),
  ],
  [
    'inventory',
    'keeps a reservation beside its release',
    'release-beside-reserve',
    async (call, next) => {
      // Of two requests at the same moment, the release is the one that gets through first.
      if (isReserve(call)) await pause(50);
      if (!isRelease(call)) return next();
      const { status } = await next({ method: 'GET' });
      // Finds nothing yet, and leaves no tombstone.
      return status === 404 ? { status: 200, body: {} } : next();
    },
  ],
  [
    'inventory',
    'amends without goods',
    'amend',
    instead(
      (call, { status }) => isAmend(call) && status === 409,
      () => ({ status: 200, body: {} }),
    ),
  ],
  [
    'inventory',
    'lets an older amendment win',
    'amend-superseded',
    (call, next) => (isAmend(call) ? next({ body: { ...call.body, amendment: 1_000 + Number(draw()) } }) : next()),
  ],
  [
    'inventory',
    'puts goods back again when a restock is repeated',
    'restock-repeated',
    (call, next) => (isRestock(call) ? next({ path: call.path + draw() }) : next()),
  ],
  [
    'inventory',
    'forgets a withdrawal',
    'restock-withdrawn',
    instead(
      (call, { status }) => isRestock(call) && status === 409,
      () => ({ status: 200, body: {} }),
    ),
  ],
  [
    'inventory',
    'fails for one unknown product',
    'find-products',
    instead(
      ({ path }) => path.startsWith('/products') && path.includes('no-such'),
      () => ({ status: 404, body: { code: 'UNKNOWN_PRODUCT' } }),
    ),
  ],
  [
    'inventory',
    'creates a product that is there',
    'create-product-known',
    instead(
      ({ method, path }, { status }) => method === 'POST' && path === '/products' && status === 409,
      () => ({ status: 201, body: { sku: 'x' } }),
    ),
  ],
  [
    'customer',
    'creates a customer who is there',
    'create-customer-known',
    instead(
      ({ method, path }, { status }) => method === 'POST' && path === '/users' && status === 409,
      () => ({ status: 201, body: { id: 'x', status: 'ACTIVE' } }),
    ),
  ],
  [
    'inventory',
    'answers 404 without a code',
    'find-reservation-unknown',
    instead(
      (_, { status }) => status === 404,
      () => ({ status: 404, body: undefined }),
    ),
  ],
  [
    'customer',
    'fails for one unknown customer',
    'find-customer',
    instead(isUnder('/users?'), () => ({ status: 404, body: { code: 'UNKNOWN_USER' } })),
  ],
  [
    'customer',
    'knows everybody',
    'find-customer-unknown',
    instead(
      (_, { status }) => status === 404,
      () => ({ status: 200, body: { id: 'anybody', status: 'ACTIVE' } }),
    ),
  ],
  [
    'notification',
    'sends again for a repeated key',
    'send-repeated',
    (call, next) => (isSend(call) ? next({ key: `${call.key}:${draw()}` }) : next()),
  ],
  [
    'notification',
    'takes a key for another message',
    'send-key-reused',
    instead(
      (call, { status }) => isSend(call) && status === 422,
      () => ({ status: 200, body: {} }),
    ),
  ],
  [
    'notification',
    'refuses types that it does not know',
    'send-unknown',
    (call, next) =>
      isSend(call) && String(call.body.type).startsWith('CHECK')
        ? Promise.resolve({ status: 400, body: { code: 'VALIDATION' } })
        : next(),
  ],
  [
    'review',
    'gives verdicts of its own',
    'review-verdict',
    instead(isReview, () => ({ status: 200, body: { verdict: 'maybe' } })),
  ],
  [
    'review',
    'thinks again',
    'review-repeated',
    instead(isReview, () => ({ status: 200, body: { verdict: Number(draw()) % 2 === 0 ? 'approve' : 'reject' } })),
  ],
  [
    'review',
    'takes a key for another order',
    'review-key-reused',
    instead(
      (call, { status }) => isReview(call) && status === 422,
      () => ({ status: 200, body: { verdict: 'approve' } }),
    ),
  ],
];
