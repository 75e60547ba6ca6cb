import { createHash } from 'node:crypto';
import { z } from 'zod';
import { reviewVerdicts } from '../../domain/order-review.ts';
import { demand, newOrder, read, requireStatus, together, type Call, type Check } from './check.ts';
import { accessCheck, errorShapeCheck } from './general-checks.ts';
import type { CustomerTrial } from './other-checks.ts';

const verdict = z.looseObject({ verdict: z.enum(reviewVerdicts), reasons: z.array(z.string()).nullish() });
const given = [200, 201];

/** The checks of a service that reviews orders: it is told of orders of the customer that there are not. */
export function reviewChecks({ customer }: CustomerTrial): Check[] {
  const review = (orderId: string, more: object = {}) => reviewOf(customer, orderId, more);
  return [
    {
      id: 'review-verdict',
      severity: 'major',
      expected: 'an order that is placed, paid again or amended gets a verdict: approve, review or reject',
      matters: 'no order could be accepted, or REVIEW_ON_FAILURE would decide on all of them',
      run: async ({ send }) => {
        for (const occasion of ['placed', 'payment_retried', 'amended']) {
          // One after the other is quick enough.
          // oxlint-disable-next-line no-await-in-loop
          const answer = await send(review(newOrder(), { occasion }));
          requireStatus(answer, given, `a review of an order (${occasion})`);
          read(answer, verdict, `a review of an order (${occasion})`);
        }
      },
    },
    {
      id: 'review-repeated',
      severity: 'major',
      expected:
        'an order that is reviewed again with its key, also in parallel, gets the same verdict, unless that was `review`',
      matters: 'an order could be rejected after it was approved, or the other way, by a retry',
      run: async ({ send }) => {
        const call = review(newOrder());
        const answers = [...(await together(8, () => send(call))), await send(call)];
        for (const answer of answers) requireStatus(answer, given, 'one of several reviews with one key');
        const verdicts = answers.map((answer) => read(answer, verdict, 'a review').verdict);
        const decided = new Set(verdicts.filter((one) => one !== 'review'));
        demand(decided.size <= 1, `nine reviews with one key are ${verdicts.join(', ')}`);
      },
    },
    {
      id: 'review-key-reused',
      severity: 'minor',
      expected: 'the key of another order is answered 422',
      matters: "an order could get another one's verdict",
      run: async ({ send }) => {
        const call = review(newOrder());
        requireStatus(await send(call), given, 'a review');
        const other = { ...review(newOrder()), key: call.key };
        requireStatus(await send(other), [422], 'a review with the key of another order');
      },
    },
    {
      id: 'review-reply-lost',
      severity: 'major',
      expected: 'an order whose caller is gone before the verdict gets one when it is reviewed again',
      matters: 'the order would wait until REVIEW_PATIENCE is over',
      run: async ({ send, sendAndLeave }) => {
        const call = review(newOrder());
        await sendAndLeave({ ...call, cutAfterMs: 5 });
        const answer = await send(call);
        requireStatus(answer, given, 'a review that is asked for again');
        read(answer, verdict, 'a review that is asked for again');
      },
    },
    accessCheck('anybody could learn which orders are let through', review(newOrder())),
    errorShapeCheck({ method: 'POST', path: '/reviews', body: { occasion: 1 }, key: 'check:shape' }),
  ];
}

function reviewOf(customer: string, orderId: string, more: object): Call & { readonly key: string } {
  return {
    method: 'POST',
    path: '/reviews',
    key: `${orderId}:review`,
    body: {
      occasion: 'placed',
      order_id: orderId,
      order_number: 'CHECK-1',
      customer_id: customer,
      currency: 'EUR',
      total: '12.34',
      discount: '0.00',
      line_count: 1,
      unit_count: 1,
      shipping_country: 'DE',
      billing_country: null,
      payment_method_hashes: [hash('a check of this service')],
      shipping_address_hash: hash('1 check street'),
      placed_at: new Date().toISOString(),
      counts: {
        customer_total: '12.34',
        orders_of_payment_method: 1,
        orders_of_address: 1,
        payment_methods_of_customer: 1,
        addresses_of_customer: 1,
      },
      ...more,
    },
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
