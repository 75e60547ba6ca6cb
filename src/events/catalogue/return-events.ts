import { z } from 'zod';
import { change } from './change-event.ts';
import { currency, EXAMPLE_ITEM, itemQuantities, money } from './fields.ts';

const returnId = z.uuid().meta({ description: "The return's id." });

export const orderReturnOpened = change(
  'Goods are to come back.',
  { return_id: returnId, items: itemQuantities },
  {
    status: 'DELIVERED',
    from: 'DELIVERED',
    saga_state: 'RUNNING',
    version: 6,
    actor: 'customer:demo',
    reason: 'too small',
    return_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0f3',
    items: [{ item_id: EXAMPLE_ITEM, quantity: 1 }],
  },
);

const returnFields = { return_id: returnId, amount: money('What the returned goods come to.'), currency };

const exampleReturn = {
  status: 'DELIVERED',
  from: 'DELIVERED',
  version: 7,
  return_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0f3',
  amount: '12.50',
  currency: 'EUR',
};

export const orderReturnRefunded = change('Goods came back and were refunded.', returnFields, {
  ...exampleReturn,
  payment_status: 'PARTIALLY_REFUNDED',
  reason: 'the goods came back and were refunded',
});

export const orderReturnUnrefunded = change(
  'Goods came back, and an operator decided against their refund.',
  returnFields,
  { ...exampleReturn, reason: 'the goods came back; an operator decided against the refund' },
);

export const orderReturnRejected = change('A return was given up, and nothing has changed.', returnFields, {
  ...exampleReturn,
  saga_state: 'COMPENSATED',
  reason: 'the return was given up',
});

const refundFields = {
  refund_id: z.uuid().meta({ description: "The refund's id." }),
  amount: money('What goes back.'),
  currency,
};

const exampleRefund = {
  status: 'DELIVERED',
  from: 'DELIVERED',
  version: 7,
  reason: 'the parcel came two weeks late',
  refund_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0f4',
  amount: '5.00',
  currency: 'EUR',
};

export const orderRefundOpened = change('Money is to go back without goods.', refundFields, {
  ...exampleRefund,
  saga_state: 'RUNNING',
  actor: 'support:sam',
});

export const orderRefundMade = change(
  'Money went back without goods.',
  {
    ...refundFields,
    refunded_amount: money('What has gone back of the order in all.'),
    notify: z.boolean().meta({ description: 'Whether the customer is to be told by a message.' }),
  },
  { ...exampleRefund, version: 8, payment_status: 'PARTIALLY_REFUNDED', refunded_amount: '5.00', notify: true },
);

export const orderRefundRejected = change(
  'A refund without goods was given up, or nothing was left to give back when its turn came.',
  refundFields,
  { ...exampleRefund, version: 8, reason: 'the refund was given up' },
);
