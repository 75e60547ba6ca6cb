import fc, { type Arbitrary } from 'fast-check';
import { resolutions } from '../../../src/domain/messages.ts';
import { anyDelay, anyFaults } from './any-fault.ts';
import { anyGiftCard } from './any-command.ts';
import { anyMishaps } from './any-happening.ts';
import { amending, anyLife, cancelling, dying } from './any-life.ts';
import type { Plan } from './plan.ts';

const circumstances = {
  stock: fc.oneof({ weight: 6, arbitrary: fc.constant(5) }, fc.constantFrom(0, 2)),
  hasCoupon: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
  amendWindowMs: fc.constantFrom(0, 20 * 60_000),
  paymentCapture: fc.constantFrom(undefined, 'confirm' as const, 'shipment' as const),
  giftCard: anyGiftCard,
  latenciesMs: fc.array(fc.constantFrom(1, 2, 5, 40), { minLength: 1, maxLength: 4 }),
  hearsOfCharges: fc.boolean(),
  tellsOfDecisions: fc.constantFrom(0 as const, 1 as const, 2 as const),
  forgetsUpdates: fc.boolean(),
  callersPersist: fc.boolean(),
  faults: anyFaults,
  operator: fc.record({
    decisions: fc.array(fc.constantFrom(...resolutions), { maxLength: 3 }),
    // People take longer than statements do.
    delayMs: anyDelay.map((ms) => ms + 3_000),
    by: fc.constantFrom('update' as const, 'signal' as const),
  }),
};

/** A plan of an amendment that is declined, or whose goods are late: what numbers and tombstones are for. */
export const amendedPlan: Arbitrary<Plan> = fc.record({
  ...circumstances,
  stock: fc.constant(5),
  paymentMethod: fc.constant('tok_ok'),
  faults: fc.tuple(
    fc.record({
      operation: fc.constant('amend' as const),
      nth: fc.constantFrom(1, 2),
      kind: fc.constant('late' as const),
      delayMs: anyDelay,
    }),
    fc.record({
      operation: fc.constant('charge' as const),
      nth: fc.constantFrom(2, 3),
      kind: fc.constant('refused' as const),
      delayMs: fc.constant(0),
    }),
  ),
  happenings: amending,
});

/** A plan of a charge that an operator resolves by hand before it arrives at the payment service. */
export const paidByHandPlan: Arbitrary<Plan> = fc.record({
  ...circumstances,
  stock: fc.constant(5),
  paymentMethod: fc.constant('tok_ok'),
  faults: fc.tuple(
    fc.record({
      operation: fc.constant('charge' as const),
      nth: fc.constant(1),
      kind: fc.constant('late' as const),
      delayMs: anyDelay,
    }),
    fc.record({
      operation: fc.constant('charge' as const),
      nth: fc.constantFrom(2, 3),
      kind: fc.constant('rejected' as const),
      delayMs: fc.constant(0),
    }),
  ),
  operator: fc.record({
    decisions: fc.constant(['resolve'] as const),
    delayMs: anyDelay.map((ms) => ms + 3_000),
    by: fc.constantFrom('update' as const, 'signal' as const),
  }),
  happenings: fc.constant([]),
});

/** A plan of a charge that comes late, to an order that is cancelled meanwhile: what tombstones of payments are for. */
export const overtakenPlan: Arbitrary<Plan> = fc.record({
  ...circumstances,
  stock: fc.constant(5),
  paymentMethod: fc.constant('tok_ok'),
  paymentCapture: fc.constant(undefined),
  faults: fc.tuple(
    fc.record({
      operation: fc.constant('charge' as const),
      nth: fc.constant(1),
      kind: fc.constant('late' as const),
      delayMs: anyDelay,
    }),
  ),
  happenings: cancelling,
});

/** A plan of updates that are forgotten with the worker's task, and that nobody sends again. */
export const forgottenPlan: Arbitrary<Plan> = fc.record({
  ...circumstances,
  stock: fc.constant(5),
  paymentMethod: fc.constant('tok_ok'),
  forgetsUpdates: fc.constant(true),
  callersPersist: fc.constant(false),
  faults: fc.constant([]),
  happenings: dying,
});

/** Any plan, most of them with one or two faults: what breaks a saga breaks it with few. */
export const anyPlan: Arbitrary<Plan> = fc
  .tuple(fc.record(circumstances), anyLife, anyMishaps)
  .map(([around, { paymentMethod, happenings }, more]) => ({
    ...around,
    // An order whose payment is captured as its goods are shipped takes one payment method.
    giftCard: around.paymentCapture === 'shipment' ? ('none' as const) : around.giftCard,
    paymentMethod,
    happenings: [...happenings, ...more],
  }));
