import type { Guard } from './guard.ts';

/** What the API keeps. */
export const apiGuards: readonly Guard[] = [
  {
    name: 'a command that its worker has overlooked is sent again',
    file: 'src/temporal/dropped-update.ts',
    find: '  return isFailedPrecondition(error) || isFailedByServer(error);\n',
    replace: '  return isFailedPrecondition(error);\n',
    test: [
      'test/workflows/overlooked-commands.test.ts',
      'a command that a worker overlooks is sent again and carried out',
    ],
  },
  {
    name: 'an order is placed once a key',
    file: 'src/repositories/accept-order.ts',
    find: 'from given where key is null or id in (select order_id from claim)',
    replace: 'from given',
    test: ['test/http/idempotency.test.ts', 'the same idempotency key > twenty times at once places one order'],
  },
  {
    name: 'a key belongs to one body',
    file: 'src/orders/place-order.ts',
    find: '  if (keyed.bodyHash !== key.bodyHash) throw keyReused();\n',
    replace: '',
    test: ['test/http/idempotency.test.ts', 'the same idempotency key > with another body is refused'],
  },
  {
    name: "a command's key belongs to one request",
    file: 'src/orders/idempotency.ts',
    find: '  if ((await claimCommandKey(db, { target, commandId, bodyHash })) !== bodyHash) throw keyReused();\n',
    replace: '',
    test: ['test/http/command-keys.test.ts', 'cancel > under the same key acts for the same request only'],
  },
  {
    name: 'a customer sees no order but its own',
    file: 'src/orders/find-visible-order.ts',
    find: 'if (order && isInScope(scopeOf(caller), order)) return order;',
    replace: 'if (order) return order;',
    test: ['test/http/roles.test.ts', 'roles > decide who may GET /orders/{id}'],
  },
  {
    name: 'a customer lists no order but its own',
    file: 'src/orders/list-orders.ts',
    find: '  return scopeOf(caller);\n',
    replace: '  return undefined;\n',
    test: ['test/http/list-orders.test.ts', 'a list > shows a customer nothing but its own orders'],
  },
  {
    name: 'a webhook is taken for its sender’s only when it is signed',
    file: 'src/http/middleware/require-signature.ts',
    find: 'await c.req.text());\n    if (fault !== undefined) await',
    replace: 'await c.req.text());\n    if (fault !== undefined && !secret) await',
    test: ['test/http/payment-webhook.test.ts', 'a message is refused with 401 > signed with another secret'],
  },
  {
    name: 'a message to an endpoint goes to no address that is not allowed',
    file: 'src/events/webhooks/create-sender.ts',
    find: 'addresses.filter((_, index) => faults[index] === undefined)',
    replace: 'addresses.filter((_, index) => index >= 0)',
    test: [
      'test/events/webhooks/create-sender.test.ts',
      'where a message may go > not to a private address, by number or by name',
    ],
  },
  {
    name: 'no event of an order overtakes an earlier one on its way to an endpoint',
    file: 'src/repositories/event-deliveries.ts',
    find: 'and earlier.position < d.position',
    replace: 'and earlier.position < 0',
    test: [
      'test/events/webhooks/delivery-runner.test.ts',
      'no event is sent before an earlier one of its order was received, and other orders go on',
    ],
  },
  {
    name: 'a refund at the payment service is booked once',
    file: 'src/domain/outside-refund.ts',
    find: 'transactions.find((one) => isRefund(one, refund))',
    replace: 'transactions.find((one) => isRefund(one, refund) && one.amountMinor < 0)',
    test: [
      'test/events/inbound-events.test.ts',
      'a refund at the payment service > is booked once, however often and under whatever id it comes',
    ],
  },
];

/** What the sandbox's services keep. */
export const serviceGuards: readonly Guard[] = [
  {
    name: 'a release before the hold leaves a tombstone',
    file: 'dev/sandbox/reservations-sql.ts',
    find: "SELECT $2::uuid, $1, 'RELEASED', '[]'::jsonb",
    replace: "SELECT $2::uuid, $1, 'EXPIRED', '[]'::jsonb",
    test: [
      'test/dev/sandbox/releases.test.ts',
      'releasing > before the hold it leaves a tombstone that the late hold honours',
    ],
  },
  {
    name: 'a void before the charge leaves a tombstone',
    file: 'dev/sandbox/payments-sql.ts',
    find: 'VALUES ($1, $2::text IS NULL,',
    replace: 'VALUES ($1, false,',
    test: [
      'test/dev/sandbox/refunds.test.ts',
      'voiding > before the charge it leaves a tombstone that the late charge honours',
    ],
  },
  {
    name: 'a hold counts what is free once it has the lock',
    file: 'dev/sandbox/reservations-sql.ts',
    find: '(SELECT count(*) FROM locked WHERE available >= quantity)',
    replace: '(SELECT count(*) FROM locked)',
    test: [
      'test/dev/sandbox/reservations.test.ts',
      'reserving > of contenders that wait for the last unit together exactly one gets it, and nobody gets an error',
    ],
  },
  {
    name: 'no product has more reserved than in stock',
    file: 'dev/sandbox/schema.ts',
    find: 'CHECK (reserved <= stock)',
    replace: 'CHECK (reserved <= stock OR true)',
    test: ['test/dev/sandbox/catalogue.test.ts', 'products > never have less stock than is reserved'],
  },
];
