import { restocked } from '../../gateways/inventory-answers.ts';
import { newOrder, requireAnswer, requireRefusal, requireStatus, together } from './check.ts';
import { requireAvailable, type InventoryCheck } from './inventory-calls.ts';

/** What putting returned goods back, and taking that back, must do. */
export const restockChecks: readonly InventoryCheck[] = [
  {
    id: 'restock-repeated',
    severity: 'critical',
    expected: 'a restock that is repeated puts the goods back once, and never more than was sold',
    matters: 'goods would be sold that are not there',
    run: async (calls) => {
      // Not the order that is released in the end: its goods are put back here.
      const orderId = newOrder();
      const before = await calls.available();
      await calls.sell(orderId, 2);
      for (const answer of await together(4, () => calls.restock(orderId, 'check-1', 1))) {
        requireAnswer(answer, [200], restocked, 'a restock');
      }
      await requireAvailable(calls, before, -1, 'after a restock of 1 of 2');
      requireRefusal(await calls.restock(orderId, 'check-2', 2), 409, 'RESTOCK_EXCEEDS', 'a restock of too much');
      await requireAvailable(calls, before, -1, 'after a restock that was refused');
      requireStatus(await calls.restock(orderId, 'check-3', 1), [200], 'a restock of the rest');
    },
  },
  {
    id: 'restock-withdrawn',
    severity: 'critical',
    expected: 'a withdrawal takes the goods out again once, and forbids the restock, also before it',
    matters: 'goods would be sold that are not there',
    run: async (calls, orderId) => {
      const before = await calls.available();
      await calls.sell(orderId, 2);
      requireAnswer(await calls.restock(orderId, 'check-1', 1), [200], restocked, 'a restock');
      for (const answer of await together(4, () => calls.withdraw(orderId, 'check-1'))) {
        requireAnswer(answer, [200], restocked, 'a withdrawal');
      }
      await requireAvailable(calls, before, -2, 'after a restock and its withdrawal');
      requireRefusal(await calls.restock(orderId, 'check-1', 1), 409, 'RESTOCK_WITHDRAWN', 'a restock after it');
      requireAnswer(await calls.withdraw(orderId, 'check-2'), [200], restocked, 'a withdrawal before the restock');
      requireRefusal(await calls.restock(orderId, 'check-2', 1), 409, 'RESTOCK_WITHDRAWN', 'a restock after it');
      // So that the release of the sale finds nothing put back beside it.
      await requireAvailable(calls, before, -2, 'after restocks that were refused');
    },
  },
];
