import type { Guard } from './guard.ts';

const releaseDeclared =
  "    reserveInventory: { name: 'releaseInventoryIfReserved', input: { orderId }, summary: 'release stock' },\n";
const refundDeclared = '    chargePayment: isAuthorized ? undefined : refundOf(order),\n';
const shipped: Guard['test'] = [
  'test/workflows/capture-at-shipment.test.ts',
  'each part that is shipped is captured once, although replies are lost twice, and the last one captures the rest to the penny',
];

const amendedBeforeShipping: Guard['test'] = [
  'test/workflows/capture-at-shipment.test.ts',
  'an amendment that takes more authorises the difference, one that takes less is captured less, and both sides have the total',
];

const captured: Guard['test'] = [
  'test/workflows/authorize-payment.test.ts',
  'an order is authorised, captured once although the reply of the capture is lost, and refunded when it is cancelled',
];

/** What a saga keeps. */
export const sagaGuards: readonly Guard[] = [
  {
    name: 'a workflow that was reset asks first what an earlier run has paid',
    file: 'workflows/run-activity.ts',
    find: 'return runId !== firstExecutionRunId;',
    replace: 'return false && runId !== firstExecutionRunId;',
    test: [
      'test/saga/reset-by-hand.test.ts',
      'where payments are charged, and one was made by hand > a workflow that is reset while the payment service has yet to hear of it makes the payment on no path',
    ],
  },
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
    name: 'the compensation of a capture is declared',
    file: 'workflows/create-order-saga.ts',
    find: '    capturePayment: isAuthorized ? refundOf(order) : undefined,\n',
    replace: '',
    test: captured,
  },
  {
    name: 'the key of what is captured for a shipment has nothing of the attempt in it',
    file: 'activities/capture-shipment.ts',
    find: 'return `${orderId}:capture:${name}:${key}`;',
    replace: 'return `${orderId}:capture:${name}:${key}:${Math.random()}`;',
    test: shipped,
  },
  {
    name: 'an amendment gives back no more than was captured beyond its total',
    file: 'workflows/amend-items.ts',
    find: '...(isCapturedLater(order) && { amendedMinor })',
    replace: '',
    test: amendedBeforeShipping,
  },
  {
    name: 'the key of a capture has nothing of the attempt in it',
    file: 'activities/authorisation.ts',
    find: "authorizationKey.replace(':charge:', ':capture:')",
    replace: 'authorizationKey.replace(/$/, `:${Math.random()}`)',
    test: captured,
  },
  {
    name: 'an order is reviewed before it is paid',
    file: 'workflows/place-order.ts',
    find: '  await reviewOrder(order, saga, 1);\n',
    replace: '',
    test: [
      'test/workflows/review-order.test.ts',
      'an order on which a person has to decide > is not paid before, is seen to need attention and why, and goes on when it is approved',
    ],
  },
  {
    name: 'another payment method is reviewed',
    file: 'workflows/charge-payment.ts',
    find: '      await reviewOrder(order, saga, attempt + 1);\n',
    replace: '',
    test: ['test/workflows/review-order.test.ts', 'another payment method is reviewed again before it is charged'],
  },
  {
    name: 'events do not tell why an order is reviewed',
    file: 'src/repositories/write-change.ts',
    find: 'isForStaff ? { ...changing, reason: null } : changing',
    replace: 'changing',
    test: [
      'test/http/resolve-step.test.ts',
      'an order that waits for its review > shows why to staff, and to its customer nowhere',
    ],
  },
  {
    name: 'compensations are registered before the first step',
    file: 'workflows/saga.ts',
    find: 'this.#compensations.toReversed()',
    replace: 'this.#compensations.slice(0, this.ledger.records.length).toReversed()',
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
    test: ['test/workflows/cancelled-scope.test.ts', 'compensations run to their end in a scope that is cancelled'],
  },
  {
    name: 'attempts on the fast path are made one after another',
    file: 'workflows/attempt-in-turn.ts',
    find: '  await before;\n',
    replace: '',
    test: [
      'test/workflows/cancelled-scope.test.ts',
      'two attempts on the fast path that are begun at once replay, whichever ends first',
    ],
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
  {
    name: 'what was paid by hand goes back by hand',
    file: 'activities/give-back.ts',
    find: '  if (dueMinor > 0) throw dueByHand({ refundedMinor: serviceMinor, dueMinor }, currency, books);\n',
    replace: '',
    test: [
      'test/workflows/by-hand.test.ts',
      'a charge that an operator made by hand > goes back by hand when the order is cancelled, however often that is retried',
    ],
  },
  {
    name: 'a part of a payment that was declined is on record before the others go back',
    file: 'activities/pay-in-parts.ts',
    find: '  await recordDeclinedPart(dependencies, charge.orderId, declinedCharge(charge, declineCode));\n',
    replace: '',
    test: [
      'test/activities/outcomes.test.ts',
      'a payment whose second method is declined comes to the same however often it is attempted, and keeps nothing',
    ],
  },
  {
    name: 'a charge that was made by hand is not made by the payment service as well',
    file: 'workflows/charge-payment.ts',
    find: 'for (const { idempotencyKey } of chargesOf(charge)) forbidCharge(order, idempotencyKey);',
    replace: '',
    test: [
      'test/workflows/by-hand.test.ts',
      'a charge that an operator made by hand > and that the payment service made without an answer is refunded there',
    ],
  },
];

/** What commands keep. */
export const commandGuards: readonly Guard[] = [
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
    find: "order.commands.isUnanswered('changeStatus') || (isFromApi && mayBeAllowed(order, command))",
    replace: '(isFromApi && mayBeAllowed(order, command))',
    test: [
      'test/workflows/direct-commands.test.ts',
      'a command that came past the API > is checked in its turn while another changes the status, so that a row of them is carried out',
    ],
  },
  {
    name: 'a command that the API has allowed by a newer status is checked in its turn',
    file: 'workflows/receive-order-commands.ts',
    find: "return isAtWork && name !== 'resolveStep' && name !== 'reviewOrder';",
    replace: "return isAtWork && name === 'resolveStep';",
    test: [
      'test/saga/fault-plans.test.ts',
      'a change of status is not refused though the workflow has yet to hear that it may be',
    ],
  },
];
