import fc from 'fast-check';

/** All that other services tell of one order. */
export const tellings: readonly [type: string, data: object][] = [
  ['payment.processed', { payment_id: 'p1', amount: '25.00', currency: 'EUR' }],
  ['payment.refunded', { refund_id: 're_1', amount: '10.00', currency: 'EUR' }],
  ['payment.refunded', { refund_id: 're_2', amount: '2.50', currency: 'EUR' }],
  ['payment.refunded', { refund_id: 're_3', amount: '1.00', currency: 'EUR', idempotency_key: 'ours' }],
  ['payment.refunded', { refund_id: 're_4', amount: '30.00', currency: 'EUR' }],
  ['payment.disputed', { dispute_id: 'dp_1', amount: '12.50', currency: 'EUR', status: 'opened' }],
  ['payment.disputed', { dispute_id: 'dp_1', amount: '12.50', currency: 'EUR', status: 'lost' }],
  ['shipment.delivered', {}],
];
const every = [...tellings.keys()];

/** In which sequence an order is told of, confirmed and shipped. */
export const anyPlan = fc.record({
  sequence: fc.shuffledSubarray(every, { minLength: every.length }),
  repeats: fc.array(fc.nat(every.length - 1), { maxLength: 6 }),
  // Between which of them the order is confirmed and shipped.
  confirmedAt: fc.nat(every.length),
  shippedAfter: fc.nat(every.length),
});
