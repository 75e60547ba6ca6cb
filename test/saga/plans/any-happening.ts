import fc, { type Arbitrary } from 'fast-check';
import { amendItems, cancelOrder, changeStatus, refundPayment, retryPayment, returnItems } from './any-command.ts';
import { anyDelay } from './any-fault.ts';
import { operations } from './network.ts';
import { products } from './order.ts';
import type { Happening, Moment, Plan } from './plan.ts';
import type { Sight } from './rows.ts';

const anyMoment: Arbitrary<Moment> = fc.record({ afterEvents: fc.integer({ min: 0, max: 120 }) });
/** A while after the order is seen to be one of these. */
export const onSight = (...sights: Sight[]): Arbitrary<Moment> =>
  fc.record({ onSight: fc.constantFrom(...sights), delayMs: fc.oneof(fc.integer({ min: 0, max: 12 }), anyDelay) });

const outage = fc.record({
  what: fc.constant('outage' as const),
  service: fc.constantFrom(...new Set(Object.values(operations))),
  forMs: fc.constantFrom(30, 2_000, 60_000, 5 * 60_000),
});
/** The worker's process dies. */
export const crash = fc.record({
  what: fc.constant('crash' as const),
  downMs: fc.constantFrom(1, 500, 5_000, 1_200_000),
});
export const sellRest = fc.record({
  what: fc.constant('sellRest' as const),
  skus: fc.subarray(
    products.map(({ sku }) => sku),
    { minLength: 1 },
  ),
  keep: fc.constantFrom(0, 0, 1),
});

/** A product's price in the catalogue changes. */
export const reprice = fc.record({
  what: fc.constant('reprice' as const),
  sku: fc.constantFrom(...products.map(({ sku }) => sku)),
  priceMinor: fc.constantFrom(100, 250, 900, 1_999),
});

type Planned = Plan['happenings'][number];

/** Something that happens at some moment. */
export const at = (moment: Arbitrary<Moment>, happening: Arbitrary<Happening>): Arbitrary<Planned> =>
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
  { weight: 2, arbitrary: at(onSight('SHIPPED', 'DELIVERED', 'RETURNED'), returnItems) },
  {
    weight: 2,
    arbitrary: at(onSight('CONFIRMED', 'PARTLY_SHIPPED', 'DELIVERED', 'RETURNED', 'CANCELLED'), refundPayment),
  },
  { weight: 2, arbitrary: at(anyMoment, fc.oneof(refundPayment, changeStatus, retryPayment, amendItems, returnItems)) },
  { weight: 2, arbitrary: at(anyMoment, outage) },
  { weight: 1, arbitrary: at(fc.oneof(anyMoment, onSight('PAYMENT_FAILED', 'CONFIRMED', 'DELIVERED')), sellRest) },
  { weight: 1, arbitrary: at(anyMoment, fc.constant({ what: 'cancelWorkflow' as const })) },
  { weight: 1, arbitrary: at(anyMoment, reprice) },
  { weight: 1, arbitrary: at(anyMoment, fc.constant({ what: 'deactivateCustomer' as const })) },
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
  { weight: 1, arbitrary: at(anyMoment, fc.constant({ what: 'reservationSettled' as const })) },
);

/** What befalls an order beside what its own life is made of. */
export const anyMishaps = fc.oneof(
  fc.constant([]),
  { weight: 3, arbitrary: fc.array(happening, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.array(happening, { minLength: 3, maxLength: 6 }) },
);
