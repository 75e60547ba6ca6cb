import { demand, newOrder, requireRefusal, requireStatus, together } from './check.ts';
import type { PaymentCheck } from './payment-calls.ts';

/** The promises about voids, which come from compensations. */
export const voidChecks: readonly PaymentCheck[] = [
  {
    id: 'void-repeated',
    severity: 'critical',
    expected: 'a void that is repeated says the same amount and refunds nothing more',
    matters: 'a cancelled order could be paid back twice, or its books be wrong',
    run: async ({ pay, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId });
      await takeBack(orderId, 1_234);
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'void-before-charge',
    severity: 'critical',
    expected: 'a void before the charge succeeds, and the charge that arrives later is answered 409 PAYMENT_VOIDED',
    matters: 'money could be taken for an order that is cancelled',
    run: async ({ charge, takeBack }) => {
      const orderId = newOrder();
      await takeBack(orderId, 0);
      requireRefusal(await charge({ orderId }), 409, 'PAYMENT_VOIDED', 'a charge after the void of its order');
      await takeBack(orderId, 0);
    },
  },
  {
    id: 'void-beside-charge',
    severity: 'critical',
    expected: 'of a charge and a void at the same moment, the charge is refunded or refused, never kept',
    matters: 'money could be taken for an order that is cancelled',
    run: async ({ charge, find, keyOf, voidOrder }) => {
      await together(12, async () => {
        const orderId = newOrder();
        await Promise.all([charge({ orderId }), voidOrder(orderId)]);
        const found = await find(keyOf({ orderId }));
        const isKept = found !== undefined && !['REFUNDED', 'DECLINED', 'VOIDED'].includes(found.status);
        await voidOrder(orderId);
        demand(!isKept, `a charge that was made beside the void of its order stays ${found?.status}`);
        requireRefusal(
          await charge({ orderId, nth: 2 }),
          409,
          'PAYMENT_VOIDED',
          'a charge after the void of its order',
        );
      });
    },
  },
  {
    id: 'void-one-key',
    severity: 'critical',
    expected: 'a void of one key refunds and forbids that charge alone',
    matters: 'the wrong payment of an order could be taken back, or a forbidden one be made',
    run: async ({ pay, charge, find, keyOf, voidOrder, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId, minor: 1_000 });
      await pay({ orderId, nth: 2, minor: 500 });
      await voidOrder(orderId, { idempotency_key: keyOf({ orderId }) });
      const kept = await find(keyOf({ orderId, nth: 2 }));
      demand(kept?.status === 'CAPTURED', `a charge whose key was not voided is ${kept?.status ?? 'not found'}`);
      const gone = await find(keyOf({ orderId }));
      demand(gone?.status === 'REFUNDED', `the charge whose key was voided is ${gone?.status ?? 'not found'}`);
      await voidOrder(orderId, { idempotency_key: keyOf({ orderId, nth: 3 }) });
      const late = await charge({ orderId, nth: 3 });
      requireRefusal(late, 409, 'PAYMENT_VOIDED', 'a charge after the void of its key');
      await pay({ orderId, nth: 4, minor: 200 });
      await takeBack(orderId, 1_700);
    },
  },
  {
    id: 'void-except',
    severity: 'critical',
    expected: 'a void with exceptions keeps these charges, and still forbids every later one',
    matters: 'a payment that is settled by hand could be refunded as well',
    run: async ({ pay, charge, find, keyOf, voidOrder, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId, minor: 1_000 });
      await pay({ orderId, nth: 2, minor: 500 });
      await voidOrder(orderId, { except: [keyOf({ orderId })] });
      const kept = await find(keyOf({ orderId }));
      demand(kept?.status === 'CAPTURED', `a charge that a void excepts is ${kept?.status ?? 'not found'}`);
      requireRefusal(await charge({ orderId, nth: 3 }), 409, 'PAYMENT_VOIDED', 'a charge after the void of its order');
      await takeBack(orderId, 1_500);
    },
  },
];

/** The promises about refunds. */
export const refundChecks: readonly PaymentCheck[] = [
  {
    id: 'refund-repeated',
    severity: 'critical',
    expected: 'a refund that is repeated with its key is answered 200 and refunds nothing more',
    matters: 'a customer could be paid back twice',
    run: async ({ pay, refund, giveBack, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId });
      for (let nth = 0; nth < 3; nth += 1) {
        // oxlint-disable-next-line no-await-in-loop
        await giveBack(orderId, 1, 300, 'a refund');
      }
      await giveBack(orderId, 2, 934, 'a refund of what one refund of three repeats leaves');
      requireRefusal(await refund(orderId, 3, 1), 409, 'REFUND_EXCEEDS', 'a refund after everything is refunded');
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'refunds-in-parallel',
    severity: 'critical',
    expected:
      'of twelve refunds at the same moment, as many succeed as the money lasts, the others are answered 409 REFUND_EXCEEDS',
    matters: 'more money could go back than was taken',
    run: async ({ pay, refund, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId });
      const answers = await together(12, (nth) => refund(orderId, nth, 300));
      const succeeded = answers.filter(({ status }) => status === 200 || status === 201);
      demand(
        succeeded.length === 4,
        `of twelve refunds of 3.00 from 12.34 at the same moment ${succeeded.length} succeeded`,
      );
      for (const answer of answers) {
        if (!succeeded.includes(answer))
          requireRefusal(answer, 409, 'REFUND_EXCEEDS', 'a refund for which too little is left');
      }
      await takeBack(orderId, 1_234);
    },
  },
  {
    id: 'refund-spans-charges',
    severity: 'major',
    expected: 'a refund takes its amount from several charges of the order, all or nothing',
    matters: 'a refund of an order that was amended would wait for an operator',
    run: async ({ pay, refund, giveBack, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId, minor: 1_000 });
      await pay({ orderId, nth: 2, minor: 500 });
      requireRefusal(await refund(orderId, 1, 1_501), 409, 'REFUND_EXCEEDS', 'a refund of more than was charged');
      await giveBack(orderId, 2, 1_500, 'a refund of two charges');
      await takeBack(orderId, 1_500);
    },
  },
  {
    id: 'refund-key-reused',
    severity: 'major',
    expected: 'the key of a refund with another amount is answered 422 and refunds nothing',
    matters: 'a wrong amount could pass for the right one',
    run: async ({ pay, refund, giveBack, takeBack }) => {
      const orderId = newOrder();
      await pay({ orderId });
      await giveBack(orderId, 1, 300, 'a refund');
      requireStatus(await refund(orderId, 1, 400), [422], 'a refund with the key of another amount');
      await takeBack(orderId, 1_234);
    },
  },
];
