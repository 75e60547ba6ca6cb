import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, inject, test, vi } from 'vitest';
import { amendedPlan, anyPlan, forgottenPlan, overtakenPlan, paidByHandPlan } from './plans/any-plan.ts';
import { items as placedItems } from './plans/order.ts';
import type { Plan, PlannedCommand } from './plans/plan.ts';
import { breaches } from './plans/predicates.ts';
import type { Sight } from './plans/rows.ts';
import { runPlan } from './plans/run-plan.ts';
import { loadWorkflows } from './plans/workflow-runtime.ts';
import { propertySeed } from '../setup/property-seed.ts';

// The real activities run; only what reaches for PostgreSQL is an order's rows in memory, which they get as their database.
vi.mock('../../src/repositories/transition-order.ts', () => ({
  transitionOrder: (db: Rows, t: unknown) => db['transitionOrder']!(t),
}));
vi.mock('../../src/repositories/saga-steps.ts', () => ({
  recordStepAttempt: (db: Rows, attempt: unknown) => db['recordStepAttempt']!(attempt),
  settleSagaState: (db: Rows, settled: unknown) => db['settleSagaState']!(settled),
}));
vi.mock('../../src/repositories/payment-actions.ts', () => ({ findPaymentAction: () => Promise.resolve(undefined) }));
vi.mock('../../src/repositories/order-repository.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  findOrderWithItems: (db: Rows, id: unknown) => db['findOrderWithItems']!(id),
  findOrderStatus: (db: Rows, id: unknown) => db['findOrderStatus']!(id),
  hasLeftInPart: (db: Rows, id: unknown) => db['hasLeftInPart']!(id),
}));
vi.mock('../../src/orders/record-amendment-plan.ts', () => ({
  recordAmendmentPlan: ({ db }: Writer, request: unknown) => db['recordAmendmentPlan']!(request),
}));
vi.mock('../../src/orders/record-declined-part.ts', () => ({
  recordDeclinedPart: ({ db }: Writer, _orderId: string, declined: unknown) => db['recordDeclinedPart']!(declined),
}));
vi.mock('../../src/orders/record-amendment.ts', () => ({
  recordAmendment: ({ db }: Writer, record: unknown) => db['recordAmendment']!(record),
}));
vi.mock('../../src/orders/record-shortage.ts', () => ({
  recordShortage: ({ db }: Writer, shortage: unknown) => db['recordShortage']!(shortage),
}));
vi.mock('../../src/orders/open-return.ts', () => ({
  openReturn: ({ db }: Writer, request: unknown) => db['openReturn']!(request),
}));
vi.mock('../../src/orders/record-restock.ts', () => ({
  recordRestock: ({ db }: Writer, record: unknown) => db['recordRestock']!(record),
}));
vi.mock('../../src/orders/record-return.ts', () => ({
  recordReturn: ({ db }: Writer, record: unknown) => db['recordReturn']!(record),
}));
vi.mock('../../src/orders/open-refund.ts', () => ({
  openRefund: ({ db }: Writer, request: unknown) => db['openRefund']!(request),
}));
vi.mock('../../src/orders/record-refund.ts', () => ({
  recordRefund: ({ db }: Writer, record: unknown) => db['recordRefund']!(record),
}));
vi.mock('../../src/repositories/amount-refunds.ts', () => ({
  sumOpenRefunds: (db: Rows, id: unknown) => db['sumOpenRefunds']!(id),
  // No refund fails in the plans after it was made.
  findFailedRefund: () => Promise.resolve(undefined),
}));
vi.mock('../../src/orders/record-shipment.ts', () => ({
  recordShipment: ({ db }: Writer, shipment: unknown) => db['recordShipment']!(shipment),
}));
vi.mock('../../src/repositories/write-change.ts', () => ({
  findChange: (db: Rows, _orderId: string, key: unknown) => db['findChange']!(key),
}));
vi.mock('../../src/orders/record-failed-capture.ts', () => ({
  recordFailedCapture: ({ db }: Writer, failed: unknown) => db['recordFailedCapture']!(failed),
}));
vi.mock('../../src/repositories/order-edits.ts', () => ({
  findEdit: (db: Rows, _orderId: string, commandId: unknown) => db['findEdit']!(commandId),
  deleteEdit: (db: Rows, _orderId: string, commandId: unknown) => db['deleteEdit']!(commandId),
}));
vi.mock('../../src/repositories/audit-log.ts', () => ({ recordDirectCommand: () => Promise.resolve() }));
vi.mock('../../src/repositories/payment-webhooks.ts', () => ({
  findSettlement: (db: Rows, charge: unknown) => db['findSettlement']!(charge),
  // No message is late in the plans: what the payment service reports is there when it is looked for.
  findCapturedWebhooks: () => Promise.resolve([]),
}));

vi.mock('../../src/orders/record-parking.ts', () => ({
  recordParking: ({ db }: Writer, record: unknown) => db['recordParking']!(record),
}));
vi.mock('../../src/orders/record-decision.ts', () => ({
  recordDecision: ({ db }: Writer, record: unknown) => db['recordDecision']!(record),
}));
vi.mock('../../src/orders/record-notification.ts', () => ({
  recordNotification: ({ db }: Writer, record: unknown) => db['recordNotification']!(record),
}));
vi.mock('../../src/repositories/payment-transactions.ts', () => ({
  findBooks: (db: Rows) => db['findBooks']!(undefined),
}));

interface Writer {
  readonly db: Rows;
}

type Rows = Readonly<Record<string, (argument: unknown) => unknown>>;

const file = inject('workflowBundle');
const bundle = readFileSync(file, 'utf8');

// A plan that fails is replayed with the seed and path that are printed with it, and runs as often as one likes.
const { FAULT_PLAN_PATH, FAULT_PLAN_RUNS } = process.env;

/** What CI runs: some seconds' worth. */
const RUNS = 1_500;

const asked = { by: 'update', twice: false } as const;

/** A life without faults. */
const uneventful: Plan = {
  stock: 5,
  hasCoupon: false,
  amendWindowMs: 0,
  paymentMethod: 'tok_ok',
  giftCard: 'none',
  paymentCapture: undefined,
  latenciesMs: [5],
  hearsOfCharges: false,
  tellsOfDecisions: 0,
  forgetsUpdates: false,
  callersPersist: true,
  faults: [],
  happenings: [],
  operator: { decisions: [], delayMs: 3_000, by: 'update' },
};

const kept = 'the money is what the order says';
const twice = 'money is never taken twice';
const stock = 'the stock is what the order says';

test('whatever goes wrong, once or twice, an order and what it moved agree in the end', async () => {
  const runtime = loadWorkflows(bundle, file);
  const began = performance.now();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(anyPlan, async (plan) => {
      count += 1;
      expect(breaches(await runPlan(runtime, plan))).toEqual([]);
    }),
    {
      numRuns: Number(FAULT_PLAN_RUNS ?? RUNS),
      ...(FAULT_PLAN_PATH && { path: FAULT_PLAN_PATH }),
    },
  );
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  process.stdout.write(`${count} plans in ${seconds} s, PROPERTY_SEED=${propertySeed}\n`);
}, 3_600_000);

test.each<readonly [string, PlannedCommand, Sight, Partial<Plan>]>([
  ['a change of status', { what: 'changeStatus', status: 'PROCESSING', ...asked }, 'CONFIRMED', {}],
  ['an amendment', { what: 'amendItems', change: 'remove', item_id: placedItems[0]!.id, ...asked }, 'CONFIRMED', {}],
  [
    'another payment',
    { what: 'retryPayment', paymentMethod: 'tok_ok', ...asked },
    'PAYMENT_FAILED',
    { paymentMethod: 'tok_declined' },
  ],
  [
    'a change of status of an order that a lost attempt has confirmed',
    { what: 'changeStatus', status: 'PROCESSING', ...asked },
    'CONFIRMED',
    {
      faults: [
        // Longer than the attempt at all steps has: nobody learns that it has confirmed the order.
        { operation: 'transition', nth: 1, kind: 'stalled', delayMs: 10_000 },
        { operation: 'reserve', nth: 2, kind: 'stalled', delayMs: 1_000 },
      ],
      happenings: [
        {
          at: { onSight: 'CONFIRMED', delayMs: 4_500 },
          happening: { what: 'changeStatus', status: 'PROCESSING', ...asked },
        },
      ],
    },
  ],
  [
    'another payment, whose refusal a lost workflow task had on record,',
    { what: 'retryPayment', paymentMethod: 'tok_ok', ...asked },
    'PAYMENT_FAILED',
    {
      paymentMethod: 'tok_declined',
      faults: [],
      happenings: [
        { at: { onSight: 'PAYMENT_FAILED', delayMs: 0 }, happening: { what: 'crash', downMs: 50 } },
        {
          at: { onSight: 'PAYMENT_FAILED', delayMs: 10 },
          happening: { what: 'retryPayment', paymentMethod: 'tok_ok', ...asked },
        },
      ],
    },
  ],
])('%s is not refused though the workflow has yet to hear that it may be', async (_, happening, onSight, more) => {
  const plan: Plan = {
    ...uneventful,
    // The write of the status is off the fast path, and its reply comes after the command.
    faults: [
      { operation: 'transition', nth: 1, kind: 'before', delayMs: 0 },
      { operation: 'transition', nth: 2, kind: 'stalled', delayMs: 400 },
    ],
    happenings: [{ at: { onSight, delayMs: 0 }, happening }],
    ...more,
  };
  const end = await runPlan(loadWorkflows(bundle, file), plan);
  expect(end.sent.map(({ answer }) => answer)).toMatchObject([{ kind: 'done' }]);
  expect(breaches(end)).toEqual([]);
});

test('an order that is cancelled while a step waits for an operator needs none any more, also while its compensation is retried', async () => {
  const plan: Plan = {
    ...uneventful,
    faults: [
      { operation: 'reserve', nth: 1, kind: 'before', delayMs: 0 },
      { operation: 'reserve', nth: 2, kind: 'rejected', delayMs: 0 },
      { operation: 'voidOrder', nth: 1, kind: 'before', delayMs: 0 },
      { operation: 'voidOrder', nth: 2, kind: 'rejected', delayMs: 0 },
    ],
    happenings: [{ at: { afterEvents: 10 }, happening: { what: 'cancelOrder', ...asked } }],
  };
  const end = await runPlan(loadWorkflows(bundle, file), plan);
  expect(end.projection.rows.ledger.get('reserveInventory')).toBe('INTERRUPTED');
  expect(breaches(end)).toEqual([]);
});

test.each([
  [
    'a charge that nothing compensates',
    without(/(?<=chargePayment: isAuthorized \? (?:undefined|void 0) : )(?=refundOf\(order\))/, 'undefined && '),
    {},
    kept,
  ],
  [
    'a reservation that nothing compensates',
    without(/(?<=reserveInventory: )(?=\{\s*name: 'releaseInventoryIfReserved')/, 'undefined && '),
    {},
    stock,
  ],
  ['a key that is another one after a crash', without(/:charge:\$\{attempt\}/, ':charge:${Date.now()}'), {}, twice],
  [
    'a cancellation that compensates before it is in the history',
    without(/let commits = commitFirst;/, 'let commits = false;'),
    {},
    kept,
    forgottenPlan,
  ],
  [
    'a command that writes a status before it is in the history',
    without(
      /(?<=async function commitStatus\(order, transition\) \{\s*const \{ status \} = await \(0,[^)]*)runRegularActivity/,
      'runActivity',
    ),
    {},
    'the workflow is over when the order is',
    forgottenPlan,
  ],
  [
    'an inventory that leaves no tombstone',
    bundle,
    { forgetsReleases: true },
    'nothing is held for an order that is over',
  ],
  ['a payment service that leaves no tombstone', bundle, { forgetsVoids: true }, kept, overtakenPlan],
  [
    'an amendment whose reservation nothing compensates',
    without(/(?<=amendReservation: )(?=reservesMore \?)/, 'undefined && '),
    {},
    stock,
    amendedPlan,
  ],
  [
    'an inventory that carries out amendments in any order',
    bundle,
    { ignoresAmendmentNumbers: true },
    stock,
    amendedPlan,
  ],
  ['a refund whose key is another one at each attempt', bundle, { ignoresRefundKeys: true }, kept],
  [
    'money moved by hand that is not put on record',
    without(/(?<=decision\.action === 'resolve' \? )(?=moneyByHand\()/, 'undefined && '),
    {},
    'the transactions on record are what the order says',
    paidByHandPlan,
  ],
  [
    'a charge made by hand that the payment service is not kept from',
    without(/(?<=function forbidCharge\(order, idempotencyKey\) \{)/, ' return;'),
    {},
    kept,
    paidByHandPlan,
  ],
])('%s is found out', async (_, code, flaws, promise, plans = anyPlan) => {
  const runtime = loadWorkflows(code);
  let found: string[] = [];
  const broken = fc.asyncProperty(plans, async (plan) => {
    found = breaches(await runPlan(runtime, plan, flaws));
    return !found.some((breach) => breach.includes(promise));
  });
  const { failed, numRuns } = await fc.check(broken, { numRuns: 20_000, endOnFailure: true });
  expect({ failed, found }).toMatchObject({ failed: true });
  process.stdout.write(`found after ${numRuns} plans: ${found.join('; ')}\n`);
});

/** The workflow code with a defect. */
function without(part: RegExp, instead: string): string {
  const code = bundle.replace(part, () => instead);
  if (code === bundle) throw new Error(`the bundle has no ${part}`);
  return code;
}
