import { demand, newOrder, read, requireRefusal, together } from './check.ts';
import { requireAvailable, reservation, type InventoryCheck } from './inventory-calls.ts';

/** What a release must do to what is reserved or sold, whenever it comes. */
export const releaseChecks: readonly InventoryCheck[] = [
  {
    id: 'release-repeated',
    severity: 'critical',
    expected: 'a release that is repeated returns the goods once, of a hold and of a sale',
    matters: 'goods would be sold that are not there',
    run: async (calls, orderId) => {
      const before = await calls.available();
      await calls.sell(orderId, 2);
      await together(4, () => calls.release(orderId));
      await calls.release(orderId);
      await requireAvailable(calls, before, 0, 'after releases of a sale');
    },
  },
  {
    id: 'release-before-reserve',
    severity: 'critical',
    expected:
      'a release before the reservation succeeds, and the reservation that arrives later is answered 409 RESERVATION_RELEASED',
    matters: 'stock would be held for good by orders that are cancelled',
    run: async (calls, orderId) => {
      const before = await calls.available();
      await calls.release(orderId);
      requireRefusal(await calls.reserve(orderId), 409, 'RESERVATION_RELEASED', 'a reservation after the release');
      requireRefusal(await calls.amend(orderId, 1, calls.one(1)), 409, 'RESERVATION_RELEASED', 'an amendment after it');
      requireRefusal(await calls.commit(orderId), 409, 'RESERVATION_RELEASED', 'a commit after it');
      await requireAvailable(calls, before, 0, 'after a reservation that was refused');
    },
  },
  {
    id: 'release-beside-reserve',
    severity: 'critical',
    expected: 'of a reservation and a release at the same moment, nothing stays held',
    matters: 'stock would be held for good by orders that are cancelled',
    run: async (calls) => {
      const before = await calls.available();
      await together(12, async () => {
        const orderId = newOrder();
        await Promise.all([calls.reserve(orderId), calls.release(orderId)]);
        const found = await calls.find(orderId);
        const status = found.status === 404 ? 'nothing' : read(found, reservation, 'a lookup').status;
        await calls.release(orderId);
        demand(!['HELD', 'COMMITTED'].includes(status), `a reservation beside its release stays ${status}`);
      });
      await requireAvailable(calls, before, 0, 'after twelve reservations beside their releases');
    },
  },
];
