import { heldReservation } from '../../gateways/inventory-answers.ts';
import { codeOf, demand, describe, newOrder, NotTried, read, requireAnswer, requireStatus, together } from './check.ts';
import {
  done,
  requireAvailable,
  requireShortage,
  reservation,
  TOO_MANY,
  type InventoryCheck,
} from './inventory-calls.ts';

/** The promises about holding and selling goods. */
export const reservationChecks: readonly InventoryCheck[] = [
  {
    id: 'reserve',
    severity: 'critical',
    expected: 'a reservation is answered 201 (or 202) with its id, is found, and holds its goods',
    matters: 'no order could be placed, or goods be sold twice',
    run: async (calls, orderId) => {
      const before = await calls.available();
      const held = await calls.hold(orderId, calls.one(2));
      demand(held.status === 'HELD', `a reservation was answered with the status ${held.status}`);
      const found = read(await calls.find(orderId), reservation, 'a lookup');
      demand(found.id === held.id, `the reservation ${held.id} is found as ${found.id}`);
      await requireAvailable(calls, before, -2, 'after a reservation of 2');
    },
  },
  {
    id: 'reserve-repeated',
    severity: 'critical',
    expected: 'a reservation that is repeated, also in parallel, holds its goods once',
    matters: 'stock would leak away with every lost answer',
    run: async (calls, orderId) => {
      const before = await calls.available();
      const held = await together(8, () => calls.hold(orderId));
      const ids = new Set(held.map(({ id }) => id));
      demand(ids.size === 1, `eight reservations of one order at the same moment are ${ids.size}`);
      await calls.hold(orderId);
      await requireAvailable(calls, before, -1, 'after a reservation of 1 that was repeated');
      await calls.release(orderId);
      await requireAvailable(calls, before, 0, 'after its release');
    },
  },
  {
    id: 'reserve-last-unit',
    severity: 'critical',
    expected: 'of eight orders that want more than half of the stock each, at the same moment, one gets it',
    matters: 'goods would be sold that are not there',
    run: async (calls) => {
      const available = await calls.available();
      if (available === undefined) throw new NotTried('the service does not say how many units are available');
      const orders = Array.from({ length: 8 }, newOrder);
      const wanted = calls.one(Math.floor(available / 2) + 1);
      try {
        const answers = await Promise.all(orders.map((orderId) => calls.reserve(orderId, wanted)));
        const got = answers.filter(({ status }) => done.includes(status)).length;
        demand(got === 1, `${got} orders got more than half of the stock each`);
        for (const answer of answers) if (!done.includes(answer.status)) requireShortage(answer, 'the others');
      } finally {
        await Promise.all(orders.map((orderId) => calls.release(orderId).catch(() => undefined)));
      }
    },
  },
  {
    id: 'reserve-all-or-nothing',
    severity: 'critical',
    expected:
      'a reservation of which one line is lacking is answered 409 OUT_OF_STOCK with what is lacking, and holds nothing',
    matters: 'stock would be held for orders that are refused',
    run: async (calls, orderId) => {
      const before = await calls.available();
      const lacking = { sku: 'check-no-such-product', quantity: 1 };
      requireShortage(await calls.reserve(orderId, [...calls.one(1), lacking]), 'a reservation of an unknown product');
      requireShortage(await calls.reserve(orderId, calls.one(TOO_MANY)), 'a reservation of too many units');
      await requireAvailable(calls, before, 0, 'after reservations that were refused');
    },
  },
  {
    id: 'reserve-reply-lost',
    severity: 'critical',
    expected: 'a reservation whose caller is gone before the answer, and that is then repeated, holds its goods once',
    matters: 'stock would leak away with every lost answer',
    run: async (calls, orderId, service) => {
      const before = await calls.available();
      for (const cutAfterMs of [1, 4, 8, 16]) {
        // One after the other, as the retries of one caller are.
        // oxlint-disable-next-line no-await-in-loop
        await service.sendAndLeave({ ...calls.reserveCall(orderId, calls.one(1)), cutAfterMs });
      }
      await calls.hold(orderId);
      await requireAvailable(calls, before, -1, 'after reservations whose answers were lost');
    },
  },
  {
    id: 'commit',
    severity: 'critical',
    expected: 'a commit that is repeated sells once; one without a reservation is answered 404 with a code',
    matters: 'goods would be booked out twice, or orders confirmed without goods',
    run: async (calls, orderId) => {
      const [before, stockBefore] = [await calls.available(), await calls.stock()];
      const unknown = await calls.commit(newOrder());
      demand(unknown.status === 404 && codeOf(unknown) !== undefined, `it was answered ${describe(unknown)}`);
      await calls.hold(orderId);
      for (const answer of [...(await together(4, () => calls.commit(orderId))), await calls.commit(orderId)]) {
        requireAnswer(answer, [200], heldReservation, 'a repeated commit');
      }
      await requireAvailable(calls, before, -1, 'after a commit that was repeated');
      const stock = await calls.stock();
      const sold = stockBefore === undefined || stock === undefined ? 1 : stockBefore - stock;
      demand(sold === 1, `a commit of 1 that was repeated has taken ${sold} from the stock`);
      const again = await calls.hold(orderId);
      demand(again.status === 'COMMITTED', `a reservation after its commit is answered as ${again.status}`);
    },
  },
  {
    id: 'reserve-lines-add-up',
    severity: 'major',
    expected: 'two lines of one product count together; fields that the service does not know are ignored',
    matters: 'orders with such lines would be refused, or hold too little',
    run: async (calls, orderId) => {
      const before = await calls.available();
      const lines = [...calls.one(1), ...calls.one(1)];
      requireStatus(
        await calls.reserve(orderId, lines, { a_field_of_tomorrow: '何か 🫖' }),
        done,
        'such a reservation',
      );
      await requireAvailable(calls, before, -2, 'after a reservation with two lines of 1');
    },
  },
];
