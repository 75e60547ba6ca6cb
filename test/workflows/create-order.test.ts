import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ PAYMENT_RETRY_WINDOW: '1h' });
});

beforeEach(async () => {
  await rig.noFaults();
  await rig.product('TEAPOT', 1_000);
});

afterAll(async () => {
  await rig.stop();
});

test('an order that meets no trouble is confirmed and announced', async () => {
  const id = await rig.place();

  const order = await rig.reaches(id, 'CONFIRMED');
  expect(order).toMatchObject({ paymentStatus: 'CAPTURED', sagaState: 'COMPLETED' });
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 998, reserved: 0 });
  expect(await rig.money(id)).toEqual(['CAPTURED']);
  expect(await rig.history(id)).toEqual(['PENDING', 'CONFIRMED']);
  await eventually(async () =>
    expect(await rig.ledger(id)).toEqual({
      reserveInventory: 'DONE',
      chargePayment: 'DONE',
      confirmOrder: 'DONE',
      notifyCustomer: 'DONE',
    }),
  );
});

test('an order that meets no trouble takes one workflow task of 6 events', async () => {
  // A machine that pauses for a second is trouble too, and costs a task: another order meets none.
  await eventually(async () => {
    const id = await rig.place();
    await eventually(async () => expect(await rig.ledger(id)).toMatchObject({ notifyCustomer: 'DONE' }));
    const { historyLength } = await rig.rests(id);
    expect(historyLength).toBe(6);
  });
});

test('no stack traces are recorded of a workflow unless they are asked for', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');

  await expect(rig.handle(id).query('__stack_trace')).rejects.toThrow('stack traces are not enabled');
});

test('a workflow is found by the number, customer, status and total of its order', async () => {
  const order = await rig.accept();
  await rig.commands.start(order);
  await rig.reaches(order.id, 'CONFIRMED');

  await eventually(async () => {
    expect((await rig.handle(order.id).describe()).searchAttributes).toMatchObject({
      OrderNumber: [order.orderNumber],
      CustomerId: ['alice'],
      OrderStatus: ['CONFIRMED'],
      OrderTotal: [2_500],
    });
  });
});

test('an order that is out of stock is cancelled, says what is missing, and leaves no hold and no charge', async () => {
  await rig.product('TEAPOT', 1);
  const id = await rig.place();

  const order = await rig.reaches(id, 'CANCELLED');
  expect(order.failure).toEqual({
    code: 'ORD002',
    message: 'out of stock',
    details: [{ sku: 'TEAPOT', requested: 2, available: 1 }],
  });
  expect(order).toMatchObject({
    paymentStatus: 'PENDING',
    sagaState: 'COMPENSATED',
    cancellationReason: 'out of stock',
  });
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 1, reserved: 0 });
  expect(await rig.money(id)).toEqual([]);
});

test('a declined card keeps the hold, and another payment method within the window confirms the order', async () => {
  const id = await rig.place({ paymentMethod: 'tok_declined' });
  const declined = await rig.reaches(id, 'PAYMENT_FAILED');
  expect(declined).toMatchObject({ paymentStatus: 'FAILED', failure: { code: 'ORD003' } });
  expect(declined.paymentRetryUntil?.getTime()).toBeGreaterThan(Date.now());
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 1_000, reserved: 2 });

  await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' });

  const order = await rig.reaches(id, 'CONFIRMED');
  expect(order).toMatchObject({ paymentMethod: 'tok_ok', failure: null, paymentRetryUntil: null });
  expect(await rig.history(id)).toEqual(['PENDING', 'PAYMENT_FAILED', 'PENDING', 'CONFIRMED']);
  expect(await rig.money(id)).toEqual(['CAPTURED', 'DECLINED']);
  expect((await rig.transactions(id)).map(({ status }) => status)).toEqual(['DECLINED', 'CAPTURED']);
});

test('a payment service that is down delays the order visibly and never fails it', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();

  await eventually(async () => expect((await rig.order(id)).paymentStatus).toBe('QUEUED'));
  const pending = await eventually(async () => {
    const { raw, searchAttributes } = await rig.handle(id).describe();
    expect(searchAttributes['SagaStep']).toEqual(['chargePayment']);
    expect(raw.pendingActivities?.[0]?.activityType?.name).toBe('chargePayment');
    expect(raw.pendingActivities?.[0]?.lastFailure?.message).toContain('503');
    return raw.pendingActivities;
  });
  expect(pending).toHaveLength(1);
  await rig.noFaults();

  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.money(id)).toEqual(['CAPTURED']);
  expect((await rig.ledgerRows(id)).find(({ step }) => step === 'chargePayment')?.attempts).toBeGreaterThan(1);
});

test('a charge whose reply is lost is looked up by its key and never made twice', async () => {
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'timeout_after_effect', times: 1 });
  const id = await rig.place();

  await eventually(async () => expect(['UNKNOWN', 'CAPTURED']).toContain((await rig.order(id)).paymentStatus));
  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.money(id)).toEqual(['CAPTURED']);
});

test('a notification that fails is recorded and leaves the order confirmed', async () => {
  await rig.fault({ service: 'notification', operation: '*', mode: 'down' });
  const id = await rig.place();

  await rig.reaches(id, 'CONFIRMED');
  await eventually(async () => {
    const row = (await rig.ledgerRows(id)).find(({ step }) => step === 'notifyCustomer');
    expect(row).toMatchObject({ state: 'RUNNING' });
    expect(row?.last_error).toContain('503');
  });
  await rig.noFaults();
  await eventually(async () => expect(await rig.ledger(id)).toMatchObject({ notifyCustomer: 'DONE' }));
});

test('cancelling before the confirmation gives the stock back and takes no money, however late the charge lands', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'late_effect', delay_ms: 1_500 });
  // Were it found before the order is cancelled, the order would be confirmed first.
  await rig.fault({ service: 'payment', operation: 'lookup', mode: 'down' });
  const slow = await rig.place();
  await eventually(async () => expect((await rig.order(slow)).paymentStatus).toBe('UNKNOWN'));

  const reply = await rig.command(slow, 'cancelOrder', {});

  expect(reply).toEqual({ outcome: 'done', status: 'CANCELLED' });
  expect(await rig.history(slow)).toEqual(['PENDING', 'CANCELLED']);
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 998, reserved: 0 });
  await rig.noFaults();
  expect(await rig.money(slow)).not.toContain('CAPTURED');
});

test('cancelling after the confirmation gives stock and money back', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');

  expect(await rig.command(id, 'cancelOrder', {})).toEqual({ outcome: 'done', status: 'CANCELLED' });

  expect(await rig.order(id)).toMatchObject({
    paymentStatus: 'REFUNDED',
    refundedMinor: 2_500,
    sagaState: 'COMPENSATED',
  });
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 1_000, reserved: 0 });
  expect(await rig.money(id)).toEqual(['REFUNDED']);
  expect(await rig.ledger(id)).toMatchObject({ refundPaymentIfCharged: 'DONE', releaseInventoryIfReserved: 'DONE' });
  expect((await rig.historyRows(id)).at(-1)).toMatchObject({
    to_status: 'CANCELLED',
    actor: 'support:sam',
    reason: 'because',
  });
});

test('a cancelled workflow cancels the order, with stock and money back', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');

  await rig.handle(id).cancel();

  await rig.reaches(id, 'CANCELLED');
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 1_000, reserved: 0 });
  expect(await rig.money(id)).toEqual(['REFUNDED']);
  await eventually(async () => expect((await rig.handle(id).describe()).status.name).toBe('CANCELLED'));
});

test('an order goes through fulfilment by updates and signals alike, and can then not be cancelled', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');

  expect(await rig.command(id, 'changeStatus', { status: 'PROCESSING' })).toEqual({
    outcome: 'done',
    status: 'PROCESSING',
  });
  await rig
    .handle(id)
    .signal('changeStatus', { status: 'SHIPPED', carrier: 'DHL', tracking_number: '42', actor: 'sam', reason: 'left' });
  const shipped = await rig.reaches(id, 'SHIPPED');
  expect(shipped.tracking).toEqual({ carrier: 'DHL', number: '42' });
  await expect(rig.command(id, 'cancelOrder', {})).rejects.toMatchObject({ type: 'TOO_LATE_TO_CANCEL' });
  await expect(rig.command(id, 'changeStatus', { status: 'PROCESSING' })).rejects.toMatchObject({
    type: 'TRANSITION_NOT_ALLOWED',
  });
  expect(await rig.command(id, 'changeStatus', { status: 'DELIVERED' })).toEqual({
    outcome: 'done',
    status: 'DELIVERED',
  });
  expect(await rig.history(id)).toEqual(['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED']);
});

test('a signal that can not be followed says so in the details and changes nothing', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');

  await rig.handle(id).signal('changeStatus', { status: 'DELIVERED', reason: 'too soon' });
  await rig.handle(id).signal('changeStatus', 'nonsense');
  await rig.handle(id).signal('noSuchSignal');
  await rig.command(id, 'changeStatus', { status: 'PROCESSING' });

  expect(await rig.history(id)).toEqual(['PENDING', 'CONFIRMED', 'PROCESSING']);
  expect((await rig.handle(id).describe()).status.name).toBe('RUNNING');
});

test('a command with a repeated id acts once, as a signal and as an update', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  const command = { status: 'PROCESSING', actor: 'sam', reason: 'go', command_id: 'once' } as const;

  const replies = await Promise.all([1, 2, 3].map(() => rig.commands.send(id, 'changeStatus', command, 60_000)));
  await rig.handle(id).signal('changeStatus', command);

  expect(replies).toEqual([1, 2, 3].map(() => ({ outcome: 'done', status: 'PROCESSING' })));
  expect(await rig.history(id)).toEqual(['PENDING', 'CONFIRMED', 'PROCESSING']);
});

test('another payment that is offered again under the same id is not tried again', async () => {
  const id = await rig.place({ paymentMethod: 'tok_declined' });
  await rig.reaches(id, 'PAYMENT_FAILED');
  const offer = { payment_method: 'tok_insufficient_funds', actor: 'alice', reason: 'this one', command_id: 'once' };
  await rig.handle(id).signal('retryPayment', offer);
  await eventually(async () => {
    expect(await rig.history(id)).toEqual(['PENDING', 'PAYMENT_FAILED', 'PENDING', 'PAYMENT_FAILED']);
  });

  await rig.handle(id).signal('retryPayment', offer);
  const another = await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' }).catch((error: unknown) => error);

  expect(another).toMatchObject({ outcome: 'done' });
  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.money(id)).toEqual(['CAPTURED', 'DECLINED', 'DECLINED']);
});

test('a payment method that the payment service rejects is a decline: the order waits for another one, and is paid by it', async () => {
  const id = await rig.place({ paymentMethod: 'x' });
  const declined = await rig.reaches(id, 'PAYMENT_FAILED');
  expect(declined.sagaState).toBe('RUNNING');
  expect(declined.failure).toMatchObject({ code: 'ORD003', details: [{ decline_code: 'INVALID_PAYMENT_METHOD' }] });
  expect(declined.paymentRetryUntil).not.toBeNull();
  await rig.command(id, 'retryPayment', { payment_method: 'tok' });
  await eventually(async () =>
    expect(await rig.history(id)).toEqual(['PENDING', 'PAYMENT_FAILED', 'PENDING', 'PAYMENT_FAILED']),
  );
  await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' });
  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.money(id)).toEqual(['CAPTURED']);
});

test('an order whose total is 0 is confirmed without a charge, and cancelled without a refund', async () => {
  const id = await rig.place({ totalMinor: 0, discountMinor: 2_500 });
  expect(await rig.reaches(id, 'CONFIRMED')).toMatchObject({ sagaState: 'COMPLETED' });
  expect(await rig.transactions(id)).toEqual([]);
  await rig.command(id, 'cancelOrder', {});
  expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({ sagaState: 'COMPENSATED', refundedMinor: 0 });
  expect(await rig.money(id)).toEqual([]);
  expect(await rig.transactions(id)).toEqual([]);
});
