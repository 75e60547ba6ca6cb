import {
  BrokenPromise,
  codeOf,
  demand,
  describe,
  newOrder,
  read,
  requireOfferedOrThere,
  requireRefusal,
  requireStatus,
  together,
  type Check,
} from './check.ts';
import { accessCheck, errorShapeCheck } from './general-checks.ts';
import {
  inventoryCalls,
  requireAvailable,
  requireShortage,
  reservation,
  TOO_MANY,
  type InventoryCheck,
  type InventoryTrial,
} from './inventory-calls.ts';
import { reservationChecks } from './reservation-checks.ts';

const releaseChecks: readonly InventoryCheck[] = [
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

const amendmentChecks: readonly InventoryCheck[] = [
  {
    id: 'amend',
    severity: 'critical',
    expected: 'an amendment that is repeated changes the lines once, and one that lacks goods changes nothing',
    matters: 'stock would leak away, or goods be promised that are not there',
    run: async (calls, orderId) => {
      const before = await calls.available();
      requireStatus(await calls.amend(newOrder(), 1, calls.one(1)), [404], 'an amendment without a reservation');
      await calls.hold(orderId);
      for (const answer of await together(4, () => calls.amend(orderId, 1, calls.one(3)))) {
        requireStatus(answer, [200], 'an amendment');
      }
      await requireAvailable(calls, before, -3, 'after an amendment from 1 to 3');
      requireShortage(await calls.amend(orderId, 2, calls.one(TOO_MANY)), 'an amendment to too many units');
      await requireAvailable(calls, before, -3, 'after an amendment that was refused');
    },
  },
  {
    id: 'amend-superseded',
    severity: 'critical',
    expected: 'an amendment that arrives after a newer one is answered 409 AMENDMENT_SUPERSEDED',
    matters: 'an amendment that was taken back could come into force again',
    run: async (calls, orderId) => {
      const before = await calls.available();
      await calls.hold(orderId);
      requireStatus(await calls.amend(orderId, 2, calls.one(1)), [200], 'an amendment');
      const late = await calls.amend(orderId, 1, calls.one(3));
      requireRefusal(late, 409, 'AMENDMENT_SUPERSEDED', 'an amendment with an older number');
      await requireAvailable(calls, before, -1, 'after an amendment that was superseded');
    },
  },
];

const restockChecks: readonly InventoryCheck[] = [
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
        requireStatus(answer, [200], 'a restock');
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
      requireStatus(await calls.restock(orderId, 'check-1', 1), [200], 'a restock');
      for (const answer of await together(4, () => calls.withdraw(orderId, 'check-1'))) {
        requireStatus(answer, [200, 204], 'a withdrawal');
      }
      await requireAvailable(calls, before, -2, 'after a restock and its withdrawal');
      requireRefusal(await calls.restock(orderId, 'check-1', 1), 409, 'RESTOCK_WITHDRAWN', 'a restock after it');
      requireStatus(await calls.withdraw(orderId, 'check-2'), [200, 204], 'a withdrawal before the restock');
      requireRefusal(await calls.restock(orderId, 'check-2', 1), 409, 'RESTOCK_WITHDRAWN', 'a restock after it');
      // So that the release of the sale finds nothing put back beside it.
      await requireAvailable(calls, before, -2, 'after restocks that were refused');
    },
  },
];

const readChecks: readonly InventoryCheck[] = [
  {
    id: 'find-products',
    severity: 'major',
    expected: 'products are found by SKU and by id, and unknown ones, of whatever script, are left out',
    matters: 'no order could be placed, or one unknown product would hold up those of others',
    run: async ({ sku, findProducts }) => {
      const [found, ...more] = await findProducts([
        ['sku', sku],
        ['sku', 'check-no-such-product'],
        ['sku', '急須 🫖 & co'],
      ]);
      demand(found?.sku === sku && more.length === 0, `a search for ${sku} and two unknown ones finds ${found?.sku}`);
      const [byId] = await findProducts([['id', found.id]]);
      demand(byId?.sku === sku, `a search for the product with the id ${found.id} finds ${byId?.sku ?? 'nothing'}`);
    },
  },
  {
    id: 'find-reservation-unknown',
    severity: 'major',
    expected: 'a reservation that never came is answered 404 with a code',
    matters: 'a reservation that was lost would be waited for',
    run: async ({ find }) => {
      const answer = await find(newOrder());
      demand(answer.status === 404 && codeOf(answer) !== undefined, `it was answered ${describe(answer)}`);
    },
  },
];

const createChecks: readonly InventoryCheck[] = [
  {
    id: 'create-product-known',
    severity: 'major',
    expected: 'a product that is there already is not created: it is answered 409 and stays as it is',
    matters: 'an import that creates what is missing would change prices, or empty the stock',
    run: async ({ sku, findProducts }, _orderId, { send }) => {
      const [before] = await findProducts([['sku', sku]]);
      if (!before) throw new BrokenPromise(`a search for ${sku} finds nothing`);
      // Its own values, so that a service which overwrites it does the least harm.
      const { name, price, currency } = before;
      const body = { sku, name, price, currency, stock: 0 };
      const answer = await send({ method: 'POST', path: '/products', body });
      requireOfferedOrThere(answer, 'a product that is there already');
      const [after] = await findProducts([['sku', sku]]);
      demand(
        JSON.stringify(after) === JSON.stringify(before),
        `it was ${JSON.stringify(before)} and is ${JSON.stringify(after ?? null)}`,
      );
    },
  },
];

/** The checks of an inventory service; what each holds is released, however it ends. */
export function inventoryChecks(trial: InventoryTrial): Check[] {
  const checks = [
    ...reservationChecks,
    ...releaseChecks,
    ...amendmentChecks,
    ...restockChecks,
    ...readChecks,
    ...createChecks,
  ];
  return [
    ...checks.map(({ run, ...check }): Check => ({
      ...check,
      run: async (service) => {
        const calls = inventoryCalls(service, trial);
        const orderId = newOrder();
        try {
          await run(calls, orderId, service);
        } finally {
          await calls.release(orderId).catch(() => undefined);
        }
      },
    })),
    accessCheck('anybody could empty the stock', { method: 'POST', path: '/reservations', body: {} }),
    errorShapeCheck({ method: 'POST', path: '/reservations', body: { order_id: newOrder(), items: 'none' } }),
  ];
}
