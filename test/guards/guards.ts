/** Something that keeps a promise, how to take it out of the code, and the test that must then fail. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once, or the table is out of date. */
  readonly find: string;
  readonly replace: string;
  /** A test file and the title of a test in it, after the titles of what it is in. */
  readonly test: readonly [file: string, title: string];
  /** What the failure says when it is not one of the test's own assertions, such as the refusal of another guard. */
  readonly fails?: string;
}

const releaseDeclared =
  "    reserveInventory: { name: 'releaseInventoryIfReserved', input: { orderId }, summary: 'release stock' },\n";
const refundDeclared =
  "    chargePayment: { name: 'refundPaymentIfCharged', input: { orderId, currency }, summary: `refund ${order.total}` },\n";

const sagaGuards: Guard[] = [
  {
    name: 'the compensation of the reservation is declared',
    file: 'workflows/create-order-saga.ts',
    find: releaseDeclared,
    replace: '',
    test: ['test/workflows/create-order.test.ts', 'cancelling after the confirmation gives stock and money back'],
  },
  {
    name: 'the compensation of the charge is declared',
    file: 'workflows/create-order-saga.ts',
    find: refundDeclared,
    replace: '',
    test: ['test/workflows/create-order.test.ts', 'cancelling after the confirmation gives stock and money back'],
  },
  {
    name: 'compensations are registered before the first step',
    file: 'workflows/saga.ts',
    find: 'this.#compensations.toReversed()',
    replace: 'this.#compensations.slice(0, this.#begun.size).toReversed()',
    test: [
      'test/saga/lost-task.test.ts',
      'a charge by a worker that died with its task is given back when the order is cancelled before the task runs again',
    ],
  },
  {
    name: 'a resumed order has the compensation of the reservation',
    file: 'workflows/create-order-saga.ts',
    find: releaseDeclared,
    replace: '',
    test: [
      'test/workflows/reconciler.test.ts',
      'an order whose workflow was terminated in the middle of its saga is cancelled, with stock and money back',
    ],
  },
  {
    name: 'a resumed order has the compensation of the charge',
    file: 'workflows/create-order-saga.ts',
    find: refundDeclared,
    replace: '',
    test: [
      'test/workflows/reconciler.test.ts',
      'an order whose workflow was terminated in the middle of its saga is cancelled, with stock and money back',
    ],
  },
  {
    name: 'compensations run where nothing cancels them',
    file: 'workflows/saga.ts',
    find: 'await CancellationScope.nonCancellable(async () => {',
    replace: 'await CancellationScope.cancellable(async () => {',
    test: ['test/workflows/compensation-scope.test.ts', 'compensations run to their end in a scope that is cancelled'],
  },
  {
    name: 'a cancelled workflow goes on until everything is compensated',
    file: 'workflows/create-order.ts',
    find: 'await CancellationScope.nonCancellable(async () => {',
    replace: 'await CancellationScope.cancellable(async () => {',
    test: ['test/workflows/create-order.test.ts', 'a cancelled workflow cancels the order, with stock and money back'],
  },
  {
    name: 'a compensation that fails keeps no other from running',
    file: 'workflows/saga.ts',
    find: 'else parked.push(this.#parkCompensation(call, error, settle));',
    replace: 'else await this.#parkCompensation(call, error, settle);',
    test: [
      'test/workflows/needs-attention.test.ts',
      'a compensation that fails for good keeps no other from running, and is retried by an operator',
    ],
  },
  {
    name: 'nothing is compensated once the goods have been shipped',
    file: 'activities/goods-left.ts',
    find: '    await refuseOnceGoodsLeft(db, input.orderId);\n',
    replace: '',
    test: [
      'test/workflows/reset.test.ts',
      'a delivered order that is reset to any of its tasks, forgetting what came after, can still not be cancelled',
    ],
  },
];

const commandGuards: Guard[] = [
  {
    name: 'a cancellation is in the history before anything is compensated',
    file: 'workflows/saga.ts',
    find: 'let commits = commitFirst;',
    replace: 'let commits = false;',
    test: [
      'test/e2e/forgotten-update.test.ts',
      'a cancellation that has begun is finished, though worker and engine die before they have told each other of it',
    ],
  },
  {
    name: 'what an amendment reserved more is released',
    file: 'workflows/amendment.ts',
    find: 'const reservesMore = countUnitsMore(plan) > 0 && !order.state.isBackordered;',
    replace: 'const reservesMore = false;',
    test: [
      'test/workflows/amend-items.test.ts',
      'an amendment > whose difference is declined gives the goods back and leaves the order as it was',
    ],
  },
  {
    name: 'no more is returned than was bought',
    file: 'src/domain/return-items.ts',
    find: '    if (ordered && item.quantity <= returnable(ordered)) return [];\n',
    replace: '    if (ordered) return [];\n',
    test: [
      'test/e2e/whole-life.test.ts',
      'returns > of two hundred that want back the same item, as many are taken as were bought',
    ],
  },
  {
    name: 'a command is known by its id',
    file: 'workflows/command-queue.ts',
    find: '    if (known) return known;\n',
    replace: '',
    test: [
      'test/workflows/create-order.test.ts',
      'another payment that is offered again under the same id is not tried again',
    ],
  },
  {
    name: 'a command is checked again when its turn comes',
    file: 'workflows/fulfil-order.ts',
    find: '  if (rejected) {',
    replace: '  if (rejected && !order) {',
    test: [
      'test/workflows/contradictions.test.ts',
      'a command that was allowed when it came, and no longer is when its turn comes, is refused',
    ],
  },
  {
    name: 'a command that comes while a status is being changed is checked in its turn',
    file: 'workflows/receive-order-commands.ts',
    find: "(order.commands.isUnanswered('changeStatus') ? undefined : findRejection(order.state, command))",
    replace: 'findRejection(order.state, command)',
    test: [
      'test/workflows/reset.test.ts',
      'resetting a delivered order to each of its workflow tasks repeats no effect',
    ],
  },
];

const keyGuards: Guard[] = [
  {
    name: 'the key of a charge has nothing of the run in it',
    file: 'workflows/charge-payment.ts',
    find: 'idempotencyKey: `${orderId}:charge:${attempt}`',
    replace: 'idempotencyKey: `${orderId}:charge:${Math.random()}`',
    test: [
      'test/workflows/reset.test.ts',
      'resetting a confirmed order to each of its workflow tasks repeats no effect',
    ],
  },
  {
    name: 'the key of a charge has nothing of the attempt in it',
    file: 'src/gateways/http-payment.ts',
    find: "path: '/payments', body, idempotencyKey, schema",
    replace: "path: '/payments', body, idempotencyKey: `${idempotencyKey}:${Math.random()}`, schema",
    test: [
      'test/activities/steps.test.ts',
      'as a local activity > chargePayment > run twice succeeds both times with the same result and one effect',
    ],
  },
  {
    name: 'the key of a reservation has nothing of the attempt in it',
    file: 'src/gateways/http-inventory.ts',
    find: 'body: { order_id: orderId, items',
    replace: 'body: { order_id: `${orderId}:${Math.random()}`, items',
    test: [
      'test/activities/steps.test.ts',
      'as a local activity > reserveInventory > run twice succeeds both times with the same result and one effect',
    ],
  },
  {
    name: 'the key of a message has nothing of the attempt in it',
    file: 'src/gateways/http-notification.ts',
    find: "path: '/notifications', body, idempotencyKey, schema",
    replace: "path: '/notifications', body, idempotencyKey: `${idempotencyKey}:${Math.random()}`, schema",
    test: [
      'test/activities/steps.test.ts',
      'as a local activity > notifyCustomer > run twice succeeds both times with the same result and one effect',
    ],
  },
  {
    name: 'a charge in doubt is looked up before it is made again',
    file: 'activities/payment.ts',
    find: 'const known = mayHaveActed\n',
    replace: 'const known = mayHaveActed && !input.orderId\n',
    test: [
      'test/activities/outcomes.test.ts',
      'a charge whose outcome is unknown is looked up by its key before anything is sent again',
    ],
    fails: 'answered 500',
  },
];

const projectionGuards: Guard[] = [
  {
    name: 'a status follows the transition table',
    file: 'src/repositories/transition-order.ts',
    find: 'before.status = any(${allowedBefore(t.to)})',
    replace: '${allowedBefore(t.to)}::text[] is not null',
    test: [
      'test/repositories/transition-order.test.ts',
      'a late write answers what the order has become, and regresses nothing',
    ],
  },
  {
    name: 'a transition is written once a key',
    file: 'src/repositories/transition-order.ts',
    find: 'h.transition_key = ${t.key})',
    replace: "h.transition_key = ${t.key} || ' ')",
    test: [
      'test/repositories/transition-order.test.ts',
      'a repeat with the same key changes nothing, even where the table would allow it again',
    ],
    fails: 'duplicate key value',
  },
];

const apiGuards: Guard[] = [
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
    find: 'if (order && (order.customerId === caller.subject || hasRole(caller, orderReaders))) return order;',
    replace: 'if (order) return order;',
    test: ['test/http/roles.test.ts', 'roles > decide who may GET /orders/{id}'],
  },
  {
    name: 'a customer lists no order but its own',
    file: 'src/http/routes/orders/list-orders.ts',
    find: '  return caller.subject;\n',
    replace: '  return asked;\n',
    test: ['test/http/list-orders.test.ts', 'a list > shows a customer nothing but its own orders'],
  },
  {
    name: 'a webhook is taken for its sender’s only when it is signed',
    file: 'src/http/routes/webhooks/receive-payment-webhook.ts',
    find: 'await c.req.text());\n    if (fault !== undefined) throw',
    replace: 'await c.req.text());\n    if (fault !== undefined && !secret) throw',
    test: ['test/http/payment-webhook.test.ts', 'a message is refused with 401 > signed with another secret'],
  },
  {
    name: 'a webhook acts once an id',
    file: 'src/orders/settle-payment.ts',
    find: 'if (known !== null) return',
    replace: 'if (known !== null && !webhook.id) return',
    test: ['test/http/payment-webhook.test.ts', 'a signed message > acts once, however often it comes'],
  },
];

const serviceGuards: Guard[] = [
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

/** Every guard of the product, by what it guards. */
export const guards: readonly Guard[] = [
  ...sagaGuards,
  ...commandGuards,
  ...keyGuards,
  ...projectionGuards,
  ...apiGuards,
  ...serviceGuards,
];
