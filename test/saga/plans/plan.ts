import fc, { type Arbitrary } from 'fast-check';
import { fulfilmentStatuses, type FulfilmentStatus, type OrderStatus } from '../../../src/domain/order-status.ts';
import { resolutions, type Resolution } from '../../../src/domain/messages.ts';
import { faultKinds, operations, type Fault, type Operation, type Service } from './network.ts';

/** When something happens: after so many events, or a while after the order has come to a status for the first time. */
export type Moment = { readonly afterEvents: number } | { readonly onStatus: OrderStatus; readonly delayMs: number };

/** Something that someone or something does to the order, its worker or its services. */
export type Happening =
  | { readonly what: 'crash'; readonly downMs: number }
  | { readonly what: 'evict' }
  | { readonly what: 'outage'; readonly service: Service; readonly forMs: number }
  | { readonly what: 'sellRest' }
  | { readonly what: 'cancelWorkflow' }
  | { readonly what: 'paymentSettled'; readonly tries: number }
  | PlannedCommand;

/** A command with how it is sent; `twice` sends it again under the same id, as a signal. */
export type PlannedCommand = { readonly by: 'update' | 'signal'; readonly twice: boolean } & (
  | { readonly what: 'cancelOrder' }
  | { readonly what: 'changeStatus'; readonly status: FulfilmentStatus }
  | { readonly what: 'retryPayment'; readonly paymentMethod: string }
);

/** Everything that befalls one order. */
export interface Plan {
  readonly stock: number;
  readonly paymentMethod: string;
  readonly latenciesMs: readonly number[];
  readonly hearsOfCharges: boolean;
  readonly forgetsUpdates: boolean;
  readonly faults: readonly Fault[];
  readonly happenings: readonly { readonly at: Moment; readonly happening: Happening }[];
  readonly operator: {
    readonly decisions: readonly Resolution[];
    readonly delayMs: number;
    readonly by: 'update' | 'signal';
  };
}

const names = Object.keys(operations) as Operation[];
const steps: Operation[] = ['reserve', 'charge', 'commit', 'release', 'voidOrder', 'transition'];

/** From within an attempt's limits over those of its step to long after the order has ended. */
const delay = fc.constantFrom(0, 3, 40, 1_600, 2_500, 12_000, 700_000, 4_000_000, 40 * 86_400_000);

const fault: Arbitrary<Fault> = fc.record({
  operation: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...steps) }, fc.constantFrom(...names)),
  nth: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(1, 2) }, fc.integer({ min: 3, max: 6 })),
  // What lands late is what tombstones are for.
  kind: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...faultKinds) }, fc.constant('late' as const)),
  delayMs: delay,
});

/** Makes a step fail on the fast path and then for good, so that an operator has to decide. */
const parking = fc
  .record({
    operation: fc.constantFrom(...steps.filter((step) => step !== 'transition')),
    first: fc.constantFrom(...faultKinds),
    delayMs: delay,
  })
  .map(({ operation, first, delayMs }): Fault[] => [
    { operation, nth: 1, kind: first, delayMs },
    { operation, nth: 2, kind: 'rejected', delayMs: 0 },
  ]);

const faults = fc.oneof(
  fc.constant<Fault[]>([]),
  { weight: 4, arbitrary: fc.array(fault, { minLength: 1, maxLength: 1 }) },
  { weight: 4, arbitrary: fc.array(fault, { minLength: 2, maxLength: 2 }) },
  { weight: 2, arbitrary: parking },
  { weight: 1, arbitrary: fc.tuple(parking, parking).map((pairs) => pairs.flat()) },
  { weight: 1, arbitrary: fc.array(fault, { minLength: 3, maxLength: 6 }) },
);

const anyMoment: Arbitrary<Moment> = fc.record({ afterEvents: fc.integer({ min: 0, max: 70 }) });
const onStatus = (...statuses: OrderStatus[]): Arbitrary<Moment> =>
  fc.record({ onStatus: fc.constantFrom(...statuses), delayMs: fc.oneof(fc.integer({ min: 0, max: 12 }), delay) });

const send = { by: fc.constantFrom('update' as const, 'signal' as const), twice: fc.boolean() };
const cancelOrder = fc.record({ what: fc.constant('cancelOrder' as const), ...send });
const changeStatus = fc.record({
  what: fc.constant('changeStatus' as const),
  status: fc.constantFrom(...fulfilmentStatuses),
  ...send,
});
const retryPayment = fc.record({
  what: fc.constant('retryPayment' as const),
  paymentMethod: fc.constantFrom('tok_ok', 'tok_ok', 'tok_declined'),
  ...send,
});
const outage = fc.record({
  what: fc.constant('outage' as const),
  service: fc.constantFrom(...new Set(Object.values(operations))),
  forMs: fc.constantFrom(30, 2_000, 60_000, 5 * 60_000),
});
const crash = fc.record({ what: fc.constant('crash' as const), downMs: fc.constantFrom(1, 500, 5_000, 1_200_000) });

const at = (moment: Arbitrary<Moment>, happening: Arbitrary<Happening>) => fc.record({ at: moment, happening });

const happening = fc.oneof(
  { weight: 4, arbitrary: at(anyMoment, crash) },
  { weight: 1, arbitrary: at(anyMoment, fc.constant({ what: 'evict' as const })) },
  { weight: 4, arbitrary: at(anyMoment, cancelOrder) },
  {
    weight: 2,
    arbitrary: at(onStatus('CONFIRMED', 'PAYMENT_FAILED', 'PROCESSING', 'SHIPPED', 'CANCELLED'), cancelOrder),
  },
  { weight: 3, arbitrary: at(onStatus('CONFIRMED', 'PROCESSING', 'SHIPPED'), changeStatus) },
  { weight: 3, arbitrary: at(onStatus('PAYMENT_FAILED'), retryPayment) },
  { weight: 1, arbitrary: at(anyMoment, fc.oneof(changeStatus, retryPayment)) },
  { weight: 2, arbitrary: at(anyMoment, outage) },
  {
    weight: 1,
    arbitrary: at(fc.oneof(anyMoment, onStatus('PAYMENT_FAILED')), fc.constant({ what: 'sellRest' as const })),
  },
  { weight: 1, arbitrary: at(anyMoment, fc.constant({ what: 'cancelWorkflow' as const })) },
  {
    weight: 2,
    arbitrary: at(
      anyMoment,
      fc.record({ what: fc.constant('paymentSettled' as const), tries: fc.constantFrom(1, 1, 1, 2) }),
    ),
  },
);

/** Any plan, most of them with one or two faults: what breaks a saga breaks it with few. */
export const anyPlan: Arbitrary<Plan> = fc.record({
  stock: fc.oneof({ weight: 6, arbitrary: fc.constant(5) }, fc.constantFrom(0, 2)),
  paymentMethod: fc.oneof({ weight: 3, arbitrary: fc.constant('tok_ok') }, fc.constant('tok_declined')),
  latenciesMs: fc.array(fc.constantFrom(1, 2, 5, 40), { minLength: 1, maxLength: 4 }),
  hearsOfCharges: fc.boolean(),
  forgetsUpdates: fc.boolean(),
  faults,
  happenings: fc.oneof(
    fc.constant([]),
    { weight: 3, arbitrary: fc.array(happening, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(happening, { minLength: 3, maxLength: 6 }) },
  ),
  operator: fc.record({
    decisions: fc.array(fc.constantFrom(...resolutions), { maxLength: 3 }),
    // People take longer than statements do.
    delayMs: delay.map((ms) => ms + 3_000),
    by: fc.constantFrom('update' as const, 'signal' as const),
  }),
});
