import { heldReservation } from '../../gateways/inventory-answers.ts';
import {
  BrokenPromise,
  codeOf,
  demand,
  describe,
  newOrder,
  requireAnswer,
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
  TOO_MANY,
  type InventoryCheck,
  type InventoryTrial,
} from './inventory-calls.ts';
import { releaseChecks } from './release-checks.ts';
import { reservationChecks } from './reservation-checks.ts';
import { restockChecks } from './restock-checks.ts';

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
        requireAnswer(answer, [200], heldReservation, 'an amendment');
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
