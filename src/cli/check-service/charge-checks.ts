import { z } from 'zod';
import { codeOf, demand, describe, newOrder, NotTried, read, requireStatus, together, type Answer } from './check.ts';
import { KEY_LENGTH } from './general-checks.ts';
import { accepted, made, type PaymentCheck } from './payment-calls.ts';

/** The promises about charging. */
export const chargeChecks: readonly PaymentCheck[] = [
  {
    id: 'charge',
    severity: 'critical',
    expected: 'a charge is answered 201 (or 202) with its id and its status, and a void refunds it',
    matters: 'no order could be paid, or none paid back',
    run: async ({ pay, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId });
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'charge-repeated',
    severity: 'critical',
    expected: 'a charge that is repeated with its key is answered with the same payment and takes nothing more',
    matters: 'an order could be charged twice when an answer is lost',
    run: async ({ pay, takeBack }) => {
      const orderId = newOrder();
      const first = await pay({ orderId });
      for (let nth = 0; nth < 2; nth += 1) {
        // One after the other, as retries are.
        // oxlint-disable-next-line no-await-in-loop
        const again = await pay({ orderId });
        demand(again.id === first.id, `a repeated charge was answered with the payment ${again.id} after ${first.id}`);
      }
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'charge-in-parallel',
    severity: 'critical',
    expected: 'ten charges with one key at the same moment are one payment',
    matters: 'an order could be charged twice when a retry overtakes the first attempt',
    run: async ({ charge, takeBack }) => {
      const orderId = newOrder();
      const answers = await together(10, () => charge({ orderId }));
      for (const answer of answers) requireStatus(answer, made, 'one of ten charges with one key');
      const ids = new Set(answers.map((answer) => read(answer, accepted, 'a charge').id));
      demand(ids.size === 1, `ten charges with one key at the same moment made ${ids.size} payments`);
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'charge-key-reused',
    severity: 'major',
    expected: 'a key that comes with another amount is answered 422 and takes nothing',
    matters: 'a wrong amount could pass for the right one',
    run: async ({ pay, charge, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId });
      const answer = await charge({ orderId, minor: 4_321 });
      requireStatus(answer, [422], 'a charge with the key of another amount');
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'charge-declined',
    severity: 'critical',
    expected:
      'a method that is declined is answered 402 with a code, also when it is repeated, and is found as DECLINED',
    matters: 'the customer could not be asked for another method, or goods be sent unpaid',
    run: async ({ declinedPaymentMethod, charge, find, keyOf, takeBack }) => {
      if (declinedPaymentMethod === undefined) throw new NotTried('give --declined-payment-method');
      const wanted = { orderId: newOrder(), method: declinedPaymentMethod };
      for (let nth = 0; nth < 2; nth += 1) {
        // oxlint-disable-next-line no-await-in-loop
        const answer = await charge(wanted);
        requireStatus(answer, [402], 'a charge of the declined method');
        demand(codeOf(answer) !== undefined, `a declined charge was answered without a code: ${describe(answer)}`);
      }
      const found = await find(keyOf(wanted));
      demand(found?.status === 'DECLINED', `a declined charge is found as ${found?.status ?? 'nothing'}`);
      await takeBack(wanted.orderId, 0);
    },
  },
  {
    id: 'charge-method-unknown',
    severity: 'major',
    expected:
      'a method that the service does not know is a decline: 402, or 400 INVALID_PAYMENT_METHOD or with details at /payment_method',
    matters: 'an order would wait for an operator instead of another payment method',
    run: async ({ charge }) => {
      const answer = await charge({ orderId: newOrder(), method: 'no such method ✗' });
      demand(isMethodRefused(answer), `a charge of a method that there is not was answered ${describe(answer)}`);
    },
  },
  {
    id: 'charge-found',
    severity: 'critical',
    expected: 'a charge is found by its key as soon as it is answered; a key that never came is an empty list',
    matters: 'after a lost answer nobody would know whether the order is paid',
    run: async ({ pay, find, keyOf, takeBack }) => {
      const orderId = newOrder();
      const before = await find(keyOf({ orderId }));
      demand(before === undefined, `a key that never came is found as the payment ${before?.id}`);
      const paid = await pay({ orderId });
      const found = await find(keyOf({ orderId }));
      demand(found?.id === paid.id, `the charge ${paid.id} is found by its key as ${found?.id ?? 'nothing'}`);
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'charge-reply-lost',
    severity: 'critical',
    expected:
      'a charge whose caller is gone before the answer is made once or not at all, and repeating it makes it once',
    matters: 'an order could be charged twice, or never',
    run: async ({ chargeCall, pay, takeBack }, service) => {
      await together(8, async (nth) => {
        const orderId = newOrder();
        await service.sendAndLeave({ ...chargeCall({ orderId }), cutAfterMs: nth * 3 });
        await pay({ orderId });
        await takeBack(orderId, 1_234);
      });
    },
  },
  {
    id: 'charge-unknown-fields',
    severity: 'minor',
    expected: 'fields that the service does not know are ignored',
    matters: 'a new version of this system could not be used with it',
    run: async ({ pay, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId, more: { a_field_of_tomorrow: { with: ['何か', '🫖'] } } });
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'charge-long-key',
    severity: 'minor',
    expected: `keys of ${KEY_LENGTH} characters are told apart by all of them`,
    matters: 'charges of different orders could pass for one',
    run: async ({ chargeCall, voidOrder }, service) => {
      const orderId = newOrder();
      const keys = ['a', 'b'].map((last) => `${orderId}:charge:`.padEnd(KEY_LENGTH - 1, '1') + last);
      const answers = await Promise.all(keys.map((key) => service.send({ ...chargeCall({ orderId }), key })));
      for (const answer of answers) requireStatus(answer, made, 'a charge with a long key');
      const ids = new Set(answers.map((answer) => read(answer, accepted, 'a charge').id));
      await voidOrder(orderId);
      demand(ids.size === 2, 'two charges whose keys differ in the last character are one payment');
    },
  },
];

function isMethodRefused(answer: Answer): boolean {
  if (answer.status === 402) return codeOf(answer) !== undefined;
  const details = z.looseObject({ details: z.tuple([z.looseObject({ path: z.literal('/payment_method') })]) });
  return (
    answer.status === 400 && (codeOf(answer) === 'INVALID_PAYMENT_METHOD' || details.safeParse(answer.body).success)
  );
}
