import { formatMoney } from '../../domain/money.ts';
import { authorizationChecks } from './authorization-checks.ts';
import { chargeChecks } from './charge-checks.ts';
import { demand, newOrder, type Check } from './check.ts';
import { accessCheck, errorShapeCheck } from './general-checks.ts';
import { listChecks } from './list-checks.ts';
import { amountOf, paymentCalls, type PaymentCheck, type PaymentTrial } from './payment-calls.ts';
import { refundChecks, voidChecks } from './refund-checks.ts';

/** The checks of a payment service; what each charges is refunded, however it ends. */
export function paymentChecks(trial: PaymentTrial): Check[] {
  const checks = [
    ...chargeChecks,
    ...voidChecks,
    ...refundChecks,
    ...listChecks,
    ...authorizationChecks,
    ...currencyChecks(trial),
  ];
  return [
    ...checks.map(({ run, ...check }): Check => ({
      ...check,
      run: async (service) => {
        const calls = paymentCalls(service, trial);
        try {
          await run(calls, service);
        } catch (error) {
          await calls.takeBackAll();
          throw error;
        }
      },
    })),
    accessCheck('anybody could take money', { method: 'POST', path: '/payments', body: {}, key: 'check:access' }),
    errorShapeCheck({ method: 'POST', path: '/payments', body: { order_id: 1 }, key: 'check:shape' }),
  ];
}

function currencyChecks({ currencies }: PaymentTrial): PaymentCheck[] {
  return currencies.map((currency) => ({
    id: `charge-in-${currency.toLowerCase()}`,
    severity: 'critical',
    expected: `an amount in ${currency} (${formatMoney(1_250, currency)}) is taken and refunded with the decimals of that currency`,
    matters: 'a hundred times too much or too little could be charged',
    run: async ({ pay, takeBack }) => {
      const orderId = newOrder();
      const paid = await pay({ orderId, minor: 1_250, currency });
      const said = paid.amount === undefined ? 1_250 : amountOf(paid.amount, currency);
      await takeBack(orderId, 1_250, currency);
      demand(said === 1_250, `a charge of ${formatMoney(1_250, currency)} ${currency} was answered as ${paid.amount}`);
    },
  }));
}
