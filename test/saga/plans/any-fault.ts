import fc, { type Arbitrary } from 'fast-check';
import { faultKinds, operations, type Fault, type Operation } from './network.ts';

const names = Object.keys(operations) as Operation[];
const steps: Operation[] = [
  'reserve',
  'charge',
  'authorize',
  'capture',
  'commit',
  'release',
  'voidOrder',
  'transition',
];
const laterSteps: Operation[] = ['amend', 'charge', 'refund', 'voidCharge', 'restock', 'withdrawRestock'];
const laterWrites: Operation[] = ['planAmendment', 'recordAmendment', 'recordRestock', 'recordReturn'];

/** From within an attempt's limits over those of its step to long after the order has ended. */
export const anyDelay = fc.constantFrom(0, 3, 40, 1_600, 2_500, 12_000, 700_000, 4_000_000, 40 * 86_400_000);

const fault: Arbitrary<Fault> = fc.record({
  operation: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...steps) },
    { weight: 3, arbitrary: fc.constantFrom(...laterSteps, ...laterWrites) },
    fc.constantFrom(...names),
  ),
  nth: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(1, 2) }, fc.integer({ min: 3, max: 6 })),
  // What lands late is what tombstones are for.
  kind: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...faultKinds) }, fc.constant('late' as const)),
  delayMs: anyDelay,
});

/** A service accepts a request, and decides on it later. */
const laterAnswer: Arbitrary<Fault> = fc.record({
  operation: fc.constantFrom('reserve' as const, 'charge' as const, 'authorize' as const),
  nth: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.constantFrom(2, 3)),
  kind: fc.constantFrom('decided later' as const, 'refused later' as const, 'lost later' as const),
  delayMs: anyDelay,
});

/** Makes a step fail on the fast path and then for good, so that an operator has to decide. */
const parking = fc
  .record({
    operation: fc.constantFrom(...steps.filter((step) => step !== 'transition'), ...laterSteps),
    nth: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.constantFrom(2, 3)),
    first: fc.constantFrom(...faultKinds),
    delayMs: anyDelay,
  })
  .map(({ operation, nth, first, delayMs }): Fault[] => [
    { operation, nth, kind: first, delayMs },
    { operation, nth: nth + 1, kind: 'rejected', delayMs: 0 },
  ]);

/** One or two faults as a rule: what breaks a saga breaks it with few. */
export const anyFaults = fc.oneof(
  fc.constant<Fault[]>([]),
  { weight: 4, arbitrary: fc.array(fault, { minLength: 1, maxLength: 1 }) },
  { weight: 4, arbitrary: fc.array(fault, { minLength: 2, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.tuple(laterAnswer) },
  { weight: 1, arbitrary: fc.tuple(laterAnswer, fc.oneof(fault, laterAnswer)) },
  { weight: 2, arbitrary: parking },
  { weight: 1, arbitrary: fc.tuple(parking, parking).map((pairs) => pairs.flat()) },
  { weight: 1, arbitrary: fc.array(fault, { minLength: 3, maxLength: 6 }) },
);
