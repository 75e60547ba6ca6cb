import type { z } from 'zod';
import { movedPayments } from '../../gateways/payment-answers.ts';
import { demand, describe, newOrder, NotTried, requireAnswer, type Service } from './check.ts';
import { amountOf, type PaymentCheck } from './payment-calls.ts';

/** Clocks may differ by so much. */
const SKEW_MS = 300_000;

/** Small, so that a few payments make many pages. */
const PAGE = 2;

/** Where others use the service meanwhile, its list may be long. */
const MAX_PAGES = 500;

type Moved = z.output<typeof movedPayments>['data'][number];

/** The promise about the list of payments, which a service may be without. */
export const listChecks: readonly PaymentCheck[] = [
  {
    id: 'payments-listed',
    severity: 'major',
    expected:
      'the list of a time has every payment that was made or refunded in it, page by page, with its order, its key and what was refunded of it',
    matters: 'the nightly comparison would report false differences, or miss money that is on no order',
    run: async ({ pay, giveBack, takeBack, keyOf }, service) => {
      const orders = [newOrder(), newOrder(), newOrder()];
      const from = new Date(Date.now() - SKEW_MS);
      // One after the other: a service lists them by the moment of their change.
      // oxlint-disable-next-line no-await-in-loop
      for (const orderId of orders) await pay({ orderId });
      await giveBack(orders[0]!, 1, 234, 'a refund');
      const listed = await readList(service, { from, to: new Date(Date.now() + SKEW_MS) });
      await Promise.all(orders.map((orderId) => takeBack(orderId, 1_234)));
      for (const [index, orderId] of orders.entries()) {
        const found = listed.find((one) => one.idempotency_key === keyOf({ orderId }));
        demand(found?.order_id === orderId, `a payment is listed as ${JSON.stringify(found ?? null)}`);
        const refunded = amountOf(found.refunded_amount, found.currency);
        const [captured, expected] = [amountOf(found.captured_amount ?? found.amount, found.currency), index ? 0 : 234];
        demand(
          captured === 1_234 && refunded === expected,
          `a payment of 12.34, of which ${index ? 'nothing' : '2.34'} was refunded, is listed as ${JSON.stringify(found)}`,
        );
      }
    },
  },
];

async function readList(service: Service, { from, to }: { readonly from: Date; readonly to: Date }): Promise<Moved[]> {
  const listed: Moved[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { from: from.toISOString(), to: to.toISOString(), limit: String(PAGE), ...(cursor && { cursor }) };
    // Each page continues the one before.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await service.send({ method: 'GET', path: `/payments?${new URLSearchParams(query).toString()}` });
    if (page === 0 && [400, 404, 405, 501].includes(answer.status)) {
      throw new NotTried(`it is not offered: a list of payments was answered ${describe(answer)}`);
    }
    const { data, next_cursor: next } = requireAnswer(answer, [200], movedPayments, 'a list of payments');
    listed.push(...data);
    if (next == null) return listed;
    demand(next !== cursor, 'a page of the list of payments names itself as the next one');
    cursor = next;
  }
  throw new NotTried(`more than ${MAX_PAGES * PAGE} payments were made at the same time`);
}
