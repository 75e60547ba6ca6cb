import fc, { type Arbitrary } from 'fast-check';
import { fulfilmentStatuses, type FulfilmentStatus } from '../../../src/domain/order-status.ts';
import { resolutions, type AmendItemsCommand, type Resolution } from '../../../src/domain/messages.ts';
import type { ItemQuantity } from '../../../src/domain/order-return.ts';
import { faultKinds, operations, type Fault, type Operation, type Service } from './network.ts';
import { items, products } from './order.ts';
import type { Sight } from './rows.ts';

/** When something happens: after so many events, or a while after the order has come to where it is seen as such. */
export type Moment = { readonly afterEvents: number } | { readonly onSight: Sight; readonly delayMs: number };

/** Something that someone or something does to the order, its worker or its services. */
export type Happening =
  | { readonly what: 'crash'; readonly downMs: number }
  | { readonly what: 'evict' }
  | { readonly what: 'outage'; readonly service: Service; readonly forMs: number }
  | { readonly what: 'sellRest'; readonly skus: readonly string[]; readonly keep: number }
  | { readonly what: 'cancelWorkflow' }
  | { readonly what: 'paymentSettled'; readonly of: string }
  | PlannedCommand;

/** A command with how it is sent; `twice` sends it again under the same id, as a signal. */
export type PlannedCommand = { readonly by: 'update' | 'signal'; readonly twice: boolean } & (
  | { readonly what: 'cancelOrder' }
  | { readonly what: 'changeStatus'; readonly status: FulfilmentStatus; readonly items?: readonly ItemQuantity[] }
  | ({ readonly what: 'amendItems' } & Pick<AmendItemsCommand, 'change' | 'item_id' | 'sku' | 'quantity'>)
  | { readonly what: 'returnItems'; readonly items: readonly ItemQuantity[] }
  | { readonly what: 'retryPayment'; readonly paymentMethod: string }
);

/** Everything that befalls one order. */
export interface Plan {
  readonly stock: number;
  readonly hasCoupon: boolean;
  /** Goods may run out before the order is confirmed; then it waits so long to be amended. */
  readonly amendWindowMs: number | undefined;
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
const laterSteps: Operation[] = ['amend', 'charge', 'refund', 'voidCharge', 'restock', 'withdrawRestock'];
const laterWrites: Operation[] = ['planAmendment', 'recordAmendment', 'recordRestock', 'recordReturn'];

/** From within an attempt's limits over those of its step to long after the order has ended. */
const delay = fc.constantFrom(0, 3, 40, 1_600, 2_500, 12_000, 700_000, 4_000_000, 40 * 86_400_000);

const fault: Arbitrary<Fault> = fc.record({
  operation: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...steps) },
    { weight: 3, arbitrary: fc.constantFrom(...laterSteps, ...laterWrites) },
    fc.constantFrom(...names),
  ),
  nth: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(1, 2) }, fc.integer({ min: 3, max: 6 })),
  // What lands late is what tombstones are for.
  kind: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...faultKinds) }, fc.constant('late' as const)),
  delayMs: delay,
});

/** Makes a step fail on the fast path and then for good, so that an operator has to decide. */
const parking = fc
  .record({
    operation: fc.constantFrom(...steps.filter((step) => step !== 'transition'), ...laterSteps),
    nth: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.constantFrom(2, 3)),
    first: fc.constantFrom(...faultKinds),
    delayMs: delay,
  })
  .map(({ operation, nth, first, delayMs }): Fault[] => [
    { operation, nth, kind: first, delayMs },
    { operation, nth: nth + 1, kind: 'rejected', delayMs: 0 },
  ]);

const faults = fc.oneof(
  fc.constant<Fault[]>([]),
  { weight: 4, arbitrary: fc.array(fault, { minLength: 1, maxLength: 1 }) },
  { weight: 4, arbitrary: fc.array(fault, { minLength: 2, maxLength: 2 }) },
  { weight: 2, arbitrary: parking },
  { weight: 1, arbitrary: fc.tuple(parking, parking).map((pairs) => pairs.flat()) },
  { weight: 1, arbitrary: fc.array(fault, { minLength: 3, maxLength: 6 }) },
);

const anyMoment: Arbitrary<Moment> = fc.record({ afterEvents: fc.integer({ min: 0, max: 120 }) });
const onSight = (...sights: Sight[]): Arbitrary<Moment> =>
  fc.record({ onSight: fc.constantFrom(...sights), delayMs: fc.oneof(fc.integer({ min: 0, max: 12 }), delay) });

const send = { by: fc.constantFrom('update' as const, 'signal' as const), twice: fc.boolean() };
const cancelOrder = fc.record({ what: fc.constant('cancelOrder' as const), ...send });
const itemQuantity: Arbitrary<ItemQuantity> = fc.record({
  item_id: fc.constantFrom(...items.map(({ id }) => id)),
  quantity: fc.constantFrom(1, 1, 2),
});
const itemQuantities = fc.oneof(
  fc.array(itemQuantity, { minLength: 1, maxLength: 1 }),
  fc.constant(items.map(({ id, quantity }) => ({ item_id: id, quantity }))),
);
const shipment = fc.record({
  what: fc.constant('changeStatus' as const),
  status: fc.constant('SHIPPED' as const),
  items: itemQuantities,
  ...send,
});
const statusChange = (...statuses: FulfilmentStatus[]) =>
  fc.record({ what: fc.constant('changeStatus' as const), status: fc.constantFrom(...statuses), ...send });
const changeStatus = fc.oneof({ weight: 2, arbitrary: statusChange(...fulfilmentStatuses) }, shipment);
const returnItems = fc.record({ what: fc.constant('returnItems' as const), items: itemQuantities, ...send });
const retryPayment = fc.record({
  what: fc.constant('retryPayment' as const),
  paymentMethod: fc.constantFrom('tok_ok', 'tok_ok', 'tok_declined'),
  ...send,
});
const line = { item_id: fc.constantFrom(...items.map(({ id }) => id)), what: fc.constant('amendItems' as const) };
const amendItems = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...line,
      change: fc.constant('set' as const),
      quantity: fc.integer({ min: 1, max: 5 }),
      ...send,
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...line, change: fc.constant('remove' as const), ...send }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: line.what,
      change: fc.constant('add' as const),
      sku: fc.constantFrom(...products.map(({ sku }) => sku), 'UNKNOWN'),
      quantity: fc.integer({ min: 1, max: 3 }),
      ...send,
    }),
  },
);
const outage = fc.record({
  what: fc.constant('outage' as const),
  service: fc.constantFrom(...new Set(Object.values(operations))),
  forMs: fc.constantFrom(30, 2_000, 60_000, 5 * 60_000),
});
const crash = fc.record({ what: fc.constant('crash' as const), downMs: fc.constantFrom(1, 500, 5_000, 1_200_000) });
const sellRest = fc.record({
  what: fc.constant('sellRest' as const),
  skus: fc.subarray(
    products.map(({ sku }) => sku),
    { minLength: 1 },
  ),
  keep: fc.constantFrom(0, 0, 1),
});

type Planned = Plan['happenings'][number];

const at = (moment: Arbitrary<Moment>, happening: Arbitrary<Happening>): Arbitrary<Planned> =>
  fc.record({ at: moment, happening });

const happening = fc.oneof(
  { weight: 4, arbitrary: at(anyMoment, crash) },
  { weight: 2, arbitrary: at(onSight('SHORT', 'CONFIRMED', 'PROCESSING', 'DELIVERED', 'RETURNED'), crash) },
  { weight: 1, arbitrary: at(anyMoment, fc.constant({ what: 'evict' as const })) },
  { weight: 4, arbitrary: at(anyMoment, cancelOrder) },
  {
    weight: 2,
    arbitrary: at(
      onSight('CONFIRMED', 'PAYMENT_FAILED', 'SHORT', 'PROCESSING', 'PARTLY_SHIPPED', 'SHIPPED', 'CANCELLED'),
      cancelOrder,
    ),
  },
  {
    weight: 3,
    arbitrary: at(onSight('CONFIRMED', 'PROCESSING', 'PARTLY_SHIPPED', 'SHIPPED'), changeStatus),
  },
  { weight: 3, arbitrary: at(onSight('PAYMENT_FAILED'), retryPayment) },
  { weight: 2, arbitrary: at(onSight('SHORT', 'CONFIRMED', 'PROCESSING', 'PARTLY_SHIPPED'), amendItems) },
  { weight: 2, arbitrary: at(onSight('DELIVERED', 'RETURNED'), returnItems) },
  { weight: 2, arbitrary: at(anyMoment, fc.oneof(changeStatus, retryPayment, amendItems, returnItems)) },
  { weight: 2, arbitrary: at(anyMoment, outage) },
  { weight: 1, arbitrary: at(fc.oneof(anyMoment, onSight('PAYMENT_FAILED', 'CONFIRMED', 'DELIVERED')), sellRest) },
  { weight: 1, arbitrary: at(anyMoment, fc.constant({ what: 'cancelWorkflow' as const })) },
  {
    weight: 2,
    arbitrary: at(
      anyMoment,
      fc.record({
        what: fc.constant('paymentSettled' as const),
        of: fc.constantFrom('charge:1', 'charge:1', 'charge:2', 'charge:amend:1'),
      }),
    ),
  },
);

/** What befalls an order beside what its own life is made of. */
const mishaps = fc.oneof(
  fc.constant([]),
  { weight: 3, arbitrary: fc.array(happening, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.array(happening, { minLength: 3, maxLength: 6 }) },
);

const some = (moment: Arbitrary<Moment>, what: Arbitrary<Happening>) =>
  fc.array(at(moment, what), { minLength: 1, maxLength: 3 });
const soon = (sight: Sight): Arbitrary<Moment> => fc.record({ onSight: fc.constant(sight), delayMs: fc.nat(40) });
const delivery = fc.tuple(
  at(soon('CONFIRMED'), statusChange('PROCESSING')),
  at(soon('PROCESSING'), fc.oneof(statusChange('SHIPPED'), shipment)),
  at(soon('PARTLY_SHIPPED'), fc.oneof(statusChange('SHIPPED'), shipment)),
  at(soon('SHIPPED'), statusChange('DELIVERED')),
);
const amending = some(onSight('CONFIRMED', 'PROCESSING'), amendItems);
const returning = some(onSight('DELIVERED'), returnItems);

/** Declined at first, so that the hold expires and others buy the goods before it is paid. */
const runningShort = fc.tuple(
  at(fc.constant({ onSight: 'PAYMENT_FAILED', delayMs: 650_000 }), sellRest),
  at(
    fc.constant({ onSight: 'PAYMENT_FAILED', delayMs: 700_000 }),
    fc.record({ what: fc.constant('retryPayment' as const), paymentMethod: fc.constant('tok_ok'), ...send }),
  ),
);

/** What the life of an order is made of, if anything goes as planned. */
const life: Arbitrary<Pick<Plan, 'paymentMethod' | 'happenings'>> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      paymentMethod: fc.oneof({ weight: 3, arbitrary: fc.constant('tok_ok') }, fc.constant('tok_declined')),
      happenings: fc.constant([]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ paymentMethod: fc.constant('tok_ok'), happenings: amending }) },
  {
    weight: 2,
    arbitrary: fc.record({
      paymentMethod: fc.constant('tok_ok'),
      happenings: fc.tuple(fc.oneof(fc.constant([]), amending), delivery, returning).map((parts) => parts.flat()),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      paymentMethod: fc.constant('tok_declined'),
      happenings: fc.tuple(runningShort, some(onSight('SHORT'), amendItems)).map((parts) => parts.flat()),
    }),
  },
);

const circumstances = {
  stock: fc.oneof({ weight: 6, arbitrary: fc.constant(5) }, fc.constantFrom(0, 2)),
  hasCoupon: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
  amendWindowMs: fc.constantFrom(undefined, 0, 20 * 60_000, 20 * 60_000),
  latenciesMs: fc.array(fc.constantFrom(1, 2, 5, 40), { minLength: 1, maxLength: 4 }),
  hearsOfCharges: fc.boolean(),
  forgetsUpdates: fc.boolean(),
  faults,
  operator: fc.record({
    decisions: fc.array(fc.constantFrom(...resolutions), { maxLength: 3 }),
    // People take longer than statements do.
    delayMs: delay.map((ms) => ms + 3_000),
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
      delayMs: delay,
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

/** Any plan, most of them with one or two faults: what breaks a saga breaks it with few. */
export const anyPlan: Arbitrary<Plan> = fc
  .tuple(fc.record(circumstances), life, mishaps)
  .map(([around, { paymentMethod, happenings }, more]) => ({
    ...around,
    paymentMethod,
    happenings: [...happenings, ...more],
  }));
