import fc from 'fast-check';
import type { ItemQuantity } from '../../../src/domain/order-return.ts';
import { orderStatuses } from '../../../src/domain/order-status.ts';
import type { PaymentTransactionRecord } from '../../../src/domain/order-transition.ts';
import { sagaStates, stepStates, type StepRecord } from '../../../src/domain/saga.ts';
import { countries, items, placed, products, taxRates } from '../plans/order.ts';
import type { Write } from './writes.ts';

/** The order that all writes are about. */
export const ORDER_ID = '00000000-0000-4000-8000-0000000000aa';

/** Few of each, so that writes repeat and contradict one another. */
const ids = [0, 1, 2].map((index) => `10000000-0000-4000-8000-00000000000${index}`);
const keys = fc.constantFrom('first', 'second', 'third', 'fourth');
const sagaKeys = keys.map((key) => `saga:${key}`);
const order = { orderId: ORDER_ID };
const who = { actor: 'support:ann', reason: 'a test' };
const by = { ...order, ...who };
const newItemIds = [0, 1, 2].map((index) => `20000000-0000-4000-8000-00000000000${index}`);
const itemIds = fc.constantFrom(...items.map(({ id }) => id), ...ids, ...newItemIds);
const optional = <T>(values: readonly T[]) => fc.constantFrom(undefined, ...values);

const steps: fc.Arbitrary<StepRecord[]> = fc.uniqueArray(
  fc.record(
    {
      saga: fc.constantFrom('amend:1', 'return:1'),
      step: fc.constantFrom('reserveInventory', 'chargePayment', 'refundPaymentIfCharged', 'restockReturn'),
      state: fc.constantFrom(...stepStates),
      attempts: fc.constant(1),
    },
    { requiredKeys: ['step', 'state', 'attempts'] },
  ),
  { selector: ({ saga, step }) => `${saga} ${step}`, maxLength: 2 },
);

const transactions: fc.Arbitrary<PaymentTransactionRecord[]> = fc.uniqueArray(
  fc.constantFrom('o:charge:1', 'o:refund', 'o:refund:external').map((idempotencyKey): PaymentTransactionRecord => {
    const isCharge = idempotencyKey.includes('charge');
    return {
      idempotencyKey,
      kind: isCharge ? 'CHARGE' : 'REFUND',
      status: isCharge ? 'CAPTURED' : 'REFUNDED',
      amountMinor: 2_500,
      currency: 'EUR',
      paymentMethod: 'tok_ok',
      ...(idempotencyKey.endsWith('external') && { provider: 'EXTERNAL' as const }),
    };
  }),
  { selector: ({ idempotencyKey }) => idempotencyKey, maxLength: 2 },
);

const quantities = fc.uniqueArray(fc.record({ item_id: itemIds, quantity: fc.integer({ min: 1, max: 3 }) }), {
  selector: ({ item_id: id }) => id,
  minLength: 1,
  maxLength: 2,
});

/** Of steps that no attempt is at. */
const endedSteps = steps.map((all) => all.filter(({ step: name }) => name === 'reserveInventory'));

const transition = fc
  .record({
    to: fc.constantFrom(...orderStatuses),
    key: keys,
    sagaState: fc.constantFrom(...sagaStates),
    paymentStatus: optional(['CAPTURED', 'FAILED', 'REFUNDED', 'REFUNDING'] as const),
    refundedMinor: optional([0, 500, 10_000]),
    steps,
    transactions,
  })
  .map((given): Write => ({ name: 'transitionOrder', given: { ...by, ...given } }));

const attempt = fc
  .record({
    saga: optional(['amend:1']),
    step: fc.constantFrom('chargePayment', 'refundPaymentIfCharged', 'restockReturn'),
    state: fc.constantFrom('RUNNING', 'DONE'),
    sagaState: optional(['COMPENSATING'] as const),
    paymentStatus: optional(['QUEUED', 'UNKNOWN', 'CAPTURED', 'REFUNDING'] as const),
    progress: fc.option(fc.record({ steps: endedSteps }), { nil: undefined }),
  })
  .map((given): Write => ({ name: 'recordStepAttempt', given: { ...order, ...given } }));

const step = steps.filter(({ length }) => length > 0).map(([first]) => first!);

const parking = fc
  .record({ key: sagaKeys, step, problem: fc.constant('down'), progress: fc.record({ steps }), transactions })
  .map((given): Write => ({ name: 'recordParking', given: { ...order, ...given } }));

const decision = fc
  .record({
    key: sagaKeys,
    action: fc.constantFrom('retry', 'skip', 'resolve'),
    step,
    sagaState: fc.constantFrom(...sagaStates),
    money: fc.option(
      fc.record({
        kind: fc.constantFrom('CHARGE', 'REFUND'),
        key: fc.constantFrom('o:charge:1', 'o:refund'),
        amountMinor: optional([0, 500, 2_500]),
        dueMinor: optional([100]),
        currency: fc.constant('EUR'),
      }),
      { nil: undefined },
    ),
  })
  .map((given): Write => ({ name: 'recordDecision', given: { ...by, ...given } }));

const notification = fc
  .record({
    key: sagaKeys,
    kind: fc.constantFrom('NOTIFICATION', 'RETRIED', 'SKIPPED'),
    step,
    isFailed: fc.boolean(),
  })
  .map((given): Write => ({ name: 'recordNotification', given: { ...by, ...given } }));

const settled = fc
  .record({ status: fc.constantFrom(...orderStatuses), sagaState: fc.constantFrom(...sagaStates) })
  .map((given): Write => ({ name: 'settleSagaState', given: { ...order, ...given } }));

const planOf = (itemId: fc.Arbitrary<string>) =>
  fc
    .record({
      change: fc.constantFrom('add', 'set', 'set', 'remove', 'redirect'),
      item_id: itemId,
      quantity: fc.integer({ min: 1, max: 5 }),
      unit_price: optional(['1.00', '45.00']),
      command_id: keys,
      product: optional(products),
      priceMinor: fc.constantFrom(250, 900, 1_999),
      customer: fc.constantFrom({ active: true }, { active: true }, { active: false }, undefined),
      newItemId: fc.constantFrom(...newItemIds),
      country: optional(countries),
    })
    .map(({ product, priceMinor, customer, newItemId, country, ...command }): Write => {
      const rules = { maxItems: 4, minTotal: '5.00', taxRates };
      const isRedirected = command.change === 'redirect' && country !== undefined;
      const details = isRedirected ? { shippingAddress: { ...placed.shippingAddress, country } } : undefined;
      const facts = { customer, newItemId, product: product && { ...product, priceMinor }, details };
      return { name: 'recordAmendmentPlan', given: { ...order, command: { ...who, ...command }, facts, rules } };
    });

const amendment = fc
  .record({
    number: fc.constantFrom(1, 1, 1, 2, 3),
    state: fc.constantFrom('DONE', 'DONE', 'FAILED'),
    steps,
    transactions,
  })
  .map((given): Write => ({ name: 'recordAmendment', given: { ...order, ...given } }));

const shortage = fc.record({ key: keys, progress: fc.record({ steps }), transactions }).map((given): Write => {
  const failure = { code: 'ORD002' as const, message: 'Out of stock.', details: [] };
  return { name: 'recordShortage', given: { ...order, ...given, failure, until: '2030-01-01T00:00:00.000Z' } };
});

const shipment = fc.record({ key: keys, items: quantities }).map((given): Write => ({
  name: 'recordShipment',
  given: { ...by, ...given, tracking: { carrier: 'DHL', number: null } },
}));

const openedAs = (id: fc.Arbitrary<string>, returned: fc.Arbitrary<readonly ItemQuantity[]>) =>
  fc.record({ id, items: returned }).map((given): Write => ({ name: 'openReturn', given: { ...by, ...given } }));

const restockedAs = (returnId: fc.Arbitrary<string>) =>
  fc.record({ returnId, steps }).map((given): Write => ({ name: 'recordRestock', given: { ...order, ...given } }));

const endedAs = (returnId: fc.Arbitrary<string>) =>
  fc
    .record({
      returnId,
      state: fc.constantFrom('REFUNDED', 'REFUNDED', 'UNREFUNDED', 'REJECTED'),
      refundedMinor: fc.constantFrom(0, 500, 900),
      steps,
      transactions,
    })
    .map((given): Write => ({ name: 'recordReturn', given: { ...order, ...given } }));

/** A return that comes far: of everything, or of what may well be there. */
const returning = fc.constantFrom(...ids).chain((id) => {
  const everything = items.map((item) => ({ item_id: item.id, quantity: item.quantity }));
  const known = fc.constant(id);
  return fc.tuple(openedAs(known, fc.oneof(fc.constant(everything), quantities)), restockedAs(known), endedAs(known));
});

/** An amendment that comes far, of an order that may be out of stock. */
const amending = fc.tuple(shortage, planOf(fc.constantFrom(...items.map(({ id }) => id))), amendment);

/** How far the order comes before anything happens to it. */
const beginnings = [
  [],
  ['PAYMENT_FAILED'],
  ['CONFIRMED', 'PROCESSING'],
  ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED'],
] as const;

const beginning = fc.constantFrom(...beginnings).map((statuses) =>
  statuses.map((to): Write => {
    const given = {
      ...by,
      to,
      key: `begin:${to}`,
      sagaState: 'COMPLETED' as const,
      paymentStatus: 'CAPTURED' as const,
    };
    return { name: 'transitionOrder', given };
  }),
);

const anyWrite = fc.oneof(
  transition,
  attempt,
  parking,
  decision,
  notification,
  settled,
  planOf(itemIds),
  amendment,
  shortage,
  shipment,
  openedAs(fc.constantFrom(...ids), fc.oneof(fc.constant([]), quantities)),
  restockedAs(fc.constantFrom(...ids)),
  endedAs(fc.constantFrom(...ids)),
);

/** An order's life, and whatever may be written at any moment of it, in whatever order. */
export const anyWrites: fc.Arbitrary<Write[]> = fc
  .tuple(
    beginning,
    fc.array(fc.oneof(fc.tuple(anyWrite), returning, amending), { minLength: 1, maxLength: 8, size: 'max' }),
  )
  .map(([first, then]) => [...first, ...then.flat()]);
