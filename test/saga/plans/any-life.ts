import fc, { type Arbitrary } from 'fast-check';
import {
  amendItems,
  cancelOrder,
  lessOfItems,
  refundPayment,
  returnItems,
  send,
  shipment,
  statusChange,
} from './any-command.ts';
import { at, crash, onSight, reprice, sellRest } from './any-happening.ts';
import type { Happening, Moment, Plan } from './plan.ts';
import type { Sight } from './rows.ts';

const some = (moment: Arbitrary<Moment>, what: Arbitrary<Happening>) =>
  fc.array(at(moment, what), { minLength: 1, maxLength: 3 });
const soon = (sight: Sight): Arbitrary<Moment> => fc.record({ onSight: fc.constant(sight), delayMs: fc.nat(40) });
const delivery = fc.tuple(
  at(soon('CONFIRMED'), statusChange('PROCESSING')),
  at(soon('PROCESSING'), fc.oneof(statusChange('SHIPPED'), shipment)),
  at(soon('PARTLY_SHIPPED'), fc.oneof(statusChange('SHIPPED'), shipment)),
  at(soon('SHIPPED'), statusChange('DELIVERED')),
);
/** Amends a confirmed order, at a price that may have changed since it was placed. */
export const amending = fc
  .tuple(
    fc.array(at(soon('CONFIRMED'), reprice), { maxLength: 2 }),
    some(onSight('CONFIRMED', 'PROCESSING'), fc.oneof({ weight: 4, arbitrary: amendItems }, refundPayment)),
  )
  .map((parts) => parts.flat());
/** Cancels an order while it is placed. */
export const cancelling = fc.tuple(at(fc.record({ afterEvents: fc.nat(30) }), cancelOrder));
/** Changes an order, and the worker dies in the middle of that. */
export const dying = fc.oneof(
  fc.tuple(at(soon('CONFIRMED'), cancelOrder), at(soon('CONFIRMED'), crash)),
  fc.tuple(delivery, at(soon('DELIVERED'), crash)).map(([steps, death]) => [...steps, death]),
);
/** Ships a part, then takes out of the order what is left to ship. */
const leavingTheRest = fc.tuple(
  at(soon('CONFIRMED'), statusChange('PROCESSING')),
  at(soon('PROCESSING'), shipment),
  at(soon('PARTLY_SHIPPED'), lessOfItems),
  at(soon('PARTLY_SHIPPED'), lessOfItems),
  at(soon('SHIPPED'), statusChange('DELIVERED')),
);
/** Ships without picking, and the parcel comes back. */
const refusingTheParcel = fc.tuple(
  at(soon('CONFIRMED'), fc.oneof(statusChange('SHIPPED'), shipment)),
  at(soon('PARTLY_SHIPPED'), statusChange('SHIPPED')),
  at(soon('SHIPPED'), returnItems),
  at(soon('SHIPPED'), fc.oneof(returnItems, statusChange('DELIVERED'))),
);
const returning = some(onSight('DELIVERED'), fc.oneof({ weight: 2, arbitrary: returnItems }, refundPayment));

/** Declined at first, so that the hold expires and others buy the goods before it is paid. */
const runningShort = fc.tuple(
  at(fc.constant({ onSight: 'PAYMENT_FAILED', delayMs: 650_000 }), sellRest),
  at(
    fc.constant({ onSight: 'PAYMENT_FAILED', delayMs: 700_000 }),
    fc.record({ what: fc.constant('retryPayment' as const), paymentMethod: fc.constant('tok_ok'), ...send }),
  ),
);

/** What the life of an order is made of, if anything goes as planned. */
export const anyLife: Arbitrary<Pick<Plan, 'paymentMethod' | 'happenings'>> = fc.oneof(
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
    arbitrary: fc.record({ paymentMethod: fc.constant('tok_ok'), happenings: refusingTheParcel }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      paymentMethod: fc.constant('tok_ok'),
      happenings: fc.tuple(leavingTheRest, returning).map((parts) => parts.flat()),
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
