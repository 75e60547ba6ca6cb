import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { balanceOf } from '../../src/domain/book-refund.ts';
import { parseMoney } from '../../src/domain/money.ts';
import { findBooks } from '../../src/repositories/payment-transactions.ts';
import { describeDeaths, describeDisturbances, type Matrix } from '../saga/run-matrix.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

/** A gift card first, then a card; EUR 25.00 in all. */
const GIFT = { paymentMethod: 'tok_gift', amountMinor: 1_000 };
const CARD = { paymentMethod: 'tok_ok', amountMinor: 1_500 };

const matrices: readonly Matrix[] = [
  {
    name: 'two payment methods that are charged',
    settings: { WORKFLOW_CACHE_SIZE: '0', WORKER_MAX_WORKFLOW_TASKS: '1' },
    // Without a cache each task is replayed from the first, whichever worker gets it.
    workers: 1,
    isCaptured: false,
    actions: ['chargePayment', 'refundPaymentIfCharged'],
    parts: [GIFT, CARD],
  },
  {
    name: 'two payment methods that are authorised and captured',
    settings: { WORKFLOW_CACHE_SIZE: '1000' },
    workers: 1,
    isCaptured: true,
    actions: ['authorizePayment', 'capturePayment', 'refundPaymentIfCharged'],
    parts: [GIFT, CARD],
  },
];

matrices.forEach(describeDisturbances);
matrices.forEach(describeDeaths);

describe.each([
  ['charged', {}],
  ['authorised and captured', { PAYMENT_CAPTURE: 'confirm' }],
])('an order whose payment methods are %s', (_, settings) => {
  let rig: SagaRig;

  beforeAll(async () => {
    rig = await startSagaRig(settings);
    await rig.product('TEAPOT', 1_000);
  });
  afterAll(() => rig.stop());

  test.concurrent.each([
    ['has no trouble', undefined],
    ['loses the reply of its void', 'timeout_after_effect'],
    ['meets a service that fails while it gives back', 'fail_before_effect'],
  ])(
    'gives back the first when the second is declined and %s, waits for another payment, and is paid once',
    async (_title, mode) => {
      const id = uuidv7();
      if (mode) await rig.fault({ service: 'payment', operation: 'refund', mode, times: 2, match: { order_id: id } });
      await rig.place({
        id,
        paymentMethod: 'tok_declined',
        paymentParts: [GIFT, { ...CARD, paymentMethod: 'tok_declined' }],
      });
      const failed = await rig.reaches(id, 'PAYMENT_FAILED');
      expect(failed.failure?.details).toEqual([{ decline_code: 'CARD_DECLINED', payment_method: 'tok_***ed' }]);
      expect(await agrees(rig, id)).toBe(0);

      await rig.command(id, 'retryPayment', {
        payment_methods: [
          { method: 'tok_ok', amount: '20.00' },
          { method: 'tok_gift', amount: '5.00' },
        ],
      });
      const order = await rig.reaches(id, 'CONFIRMED');
      expect(order).toMatchObject({ paymentMethod: 'tok_gift', refundedMinor: 0, paymentStatus: 'CAPTURED' });
      expect(await agrees(rig, id)).toBe(2_500);
      await rig.rests(id);
      await rig.command(id, 'cancelOrder', {});
      expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({ refundedMinor: 2_500, paymentStatus: 'REFUNDED' });
      expect(await agrees(rig, id)).toBe(0);
    },
  );

  test.concurrent('that is cancelled while it waits for another payment says that nothing was refunded of it', async () => {
    const id = await placeWith(rig, { ...CARD }, { ...GIFT, paymentMethod: 'tok_insufficient_funds' });
    await rig.reaches(id, 'PAYMENT_FAILED');
    await rig.rests(id);
    await rig.command(id, 'cancelOrder', {});
    expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({ refundedMinor: 0, paymentStatus: 'FAILED' });
    expect(await agrees(rig, id)).toBe(0);
  });

  test.concurrent.each(['fail_after_effect', 'timeout_after_effect', 'fail_before_effect'])(
    'is paid once by each when the second meets %s',
    async (mode) => {
      const id = uuidv7();
      const operation = rig.config.order.paymentCapture ? 'authorize' : 'charge';
      const match = { order_id: id, payment_method: CARD.paymentMethod };
      await rig.fault({ service: 'payment', operation, mode, times: 2, match });
      if (operation === 'authorize')
        await rig.fault({ service: 'payment', operation: 'capture', mode, times: 2, match });
      await rig.place({ id, paymentMethod: CARD.paymentMethod, paymentParts: [GIFT, CARD] });
      await rig.reaches(id, 'CONFIRMED');
      expect(await booksOfService(rig, id)).toEqual([
        ['tok_gift', 'CAPTURED', '10.00', '0.00'],
        ['tok_ok', 'CAPTURED', '15.00', '0.00'],
      ]);
      expect(await agrees(rig, id)).toBe(2_500);
    },
  );

  test.concurrent('gets refunds back in the reverse order of use', async () => {
    const id = await placeWith(rig, GIFT, CARD);
    await rig.reaches(id, 'CONFIRMED');
    await rig.rests(id);
    await rig.command(id, 'refundPayment', { amount: '14.00' });
    await rig.command(id, 'refundPayment', { amount: '3.00' });
    await eventually(async () => expect((await rig.order(id)).refundedMinor).toBe(1_700));
    expect((await booksOfService(rig, id)).map(([method, , , refunded]) => [method, refunded])).toEqual([
      ['tok_gift', '2.00'],
      ['tok_ok', '15.00'],
    ]);
    expect(await agrees(rig, id)).toBe(800);
  });

  test.concurrent('that is cancelled while its second waits for the customer gives back the first, and both are on record', async () => {
    const id = await placeWith(rig, GIFT, { ...CARD, paymentMethod: 'tok_3ds' });
    await eventually(async () => expect((await rig.order(id)).paymentStatus).toBe('ACTION_REQUIRED'));
    await rig.command(id, 'cancelOrder', {});
    const isCharged = rig.config.order.paymentCapture === undefined;
    expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({ refundedMinor: isCharged ? GIFT.amountMinor : 0 });
    expect(await agrees(rig, id)).toBe(0);
  });

  test.concurrent('takes nothing that does not add up to its total', async () => {
    const id = await placeWith(rig, { ...CARD }, { ...GIFT, paymentMethod: 'tok_declined' });
    await rig.reaches(id, 'PAYMENT_FAILED');
    const methods = [
      { method: 'tok_ok', amount: '20.00' },
      { method: 'tok_gift', amount: '4.99' },
    ];
    await expect(rig.command(id, 'retryPayment', { payment_methods: methods })).rejects.toThrow(
      "add up to 24.99 EUR, and the order's total is 25.00 EUR",
    );
    await rig.command(id, 'cancelOrder', {});
    await rig.reaches(id, 'CANCELLED');
  });
});

describe('an order whose second authorisation expires before it is captured', () => {
  let rig: SagaRig;
  beforeAll(async () => {
    rig = await startSagaRig({ PAYMENT_CAPTURE: 'confirm' });
    await rig.product('TEAPOT', 1_000);
  });
  afterAll(() => rig.stop());

  test('gives back what was captured with the first, and waits for another payment', async () => {
    const id = uuidv7();
    const expiring = { ...CARD, paymentMethod: 'tok_expires_1s' };
    const fault = {
      service: 'payment',
      operation: 'capture',
      mode: 'fail_before_effect',
      match: { order_id: id },
    } as const;
    const { body } = await rig.fault(fault);
    await rig.place({ id, paymentMethod: expiring.paymentMethod, paymentParts: [GIFT, expiring] });
    await eventually(async () => {
      const { body: found } = await rig.sandbox.call('GET', `/payments/order/${id}`);
      expect(found.data.map(({ status }: { status: string }) => status)).toEqual(['AUTHORIZED', 'EXPIRED']);
    });
    await rig.removeFault(body.id);
    const order = await rig.reaches(id, 'PAYMENT_FAILED');
    expect(order.failure?.details).toEqual([{ decline_code: 'AUTHORIZATION_EXPIRED', payment_method: 'tok_***1s' }]);
    expect(await rig.money(id)).toEqual(['REFUNDED', 'VOIDED']);
    expect(balanceOf(await findBooks(rig.db, id)).inServiceMinor).toBe(0);
    await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' });
    await rig.reaches(id, 'CONFIRMED');
    expect((await rig.order(id)).paymentParts).toBeNull();
    expect(await rig.money(id)).toEqual(['CAPTURED', 'REFUNDED', 'VOIDED']);
  });
});

function placeWith(rig: SagaRig, ...parts: (typeof GIFT)[]) {
  return rig.place({ paymentMethod: parts.at(-1)!.paymentMethod, paymentParts: parts });
}

/** What the payment service has of each payment: its method, what was taken and what went back. */
async function booksOfService(rig: SagaRig, id: string): Promise<string[][]> {
  const { body } = await rig.sandbox.call('GET', `/payments/order/${id}`);
  const payments: Record<string, string>[] = body.data;
  return payments.map(({ payment_method, status, amount, captured_amount = amount, refunded_amount }) => [
    payment_method!,
    status!,
    captured_amount!,
    refunded_amount!,
  ]);
}

/** Our books and those of the payment service say the same; answers what is kept, in minor units. */
async function agrees(rig: SagaRig, id: string): Promise<number> {
  const keptMinor = (await booksOfService(rig, id))
    .filter(([, status]) => !['DECLINED', 'VOIDED', 'AUTHORIZED'].includes(status!))
    .reduce((sum, [, , taken, refunded]) => sum + parseMoney(taken!, 'EUR') - parseMoney(refunded!, 'EUR'), 0);
  expect(balanceOf(await findBooks(rig.db, id)).inServiceMinor).toBe(keptMinor);
  return keptMinor;
}
