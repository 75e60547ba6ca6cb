import { z } from 'zod';
import { exampleOrder, moneyFields, orderFields, time } from './fields.ts';

const exampleMoney = {
  ...exampleOrder,
  status: 'PENDING',
  version: 1,
  amount: '25.00',
  currency: 'EUR',
  payment_id: '019aa3f2-6c2b-7f4e-9a21-5a2a7c8b3e44',
  provider: 'PAYMENT_SERVICE',
} as const;

/** The schema of a charge's or refund's event. */
function payment<Shape extends z.ZodRawShape>(description: string, shape: Shape, example: object) {
  const told = `${description} \`status\` and \`version\` are those before the change that follows from it.`;
  const examples = [{ ...exampleMoney, ...example }];
  return z.object({ ...orderFields, ...moneyFields, ...shape }).meta({ description: told, examples });
}

const chargeFields = {
  transaction_id: z.string().meta({ description: 'The key under which the charge was asked for, once.' }),
  payment_method: z.string().meta({ description: 'Masked; EXTERNAL when it was paid outside the payment service.' }),
};

const exampleCharge = { transaction_id: `${exampleOrder.order_id}:charge:1`, payment_method: 'tok_***ok' };

export const paymentProcessed = payment(
  'Money was taken.',
  { ...chargeFields, processed_at: time('When it was put on record.') },
  { ...exampleCharge, processed_at: exampleOrder.occurred_at },
);

export const paymentFailed = payment(
  'A charge was declined, and nothing was taken.',
  {
    ...chargeFields,
    failure_code: z.string().meta({ description: 'As the payment service says it, or TOO_MANY_DECLINES.' }),
    failure_reason: z.string().meta({ description: 'The same for people.' }),
  },
  {
    ...exampleCharge,
    payment_id: null,
    failure_code: 'INSUFFICIENT_FUNDS',
    failure_reason: 'the payment service declined it: INSUFFICIENT_FUNDS',
  },
);

export const paymentRefunded = payment(
  'Money was given back: for a cancellation, an amendment, a return, or by hand.',
  {
    refund_id: z.string().meta({ description: 'The key under which the refund was made, once.' }),
    reason: z.string().nullable().meta({ description: 'Why, where somebody has said so.' }),
  },
  {
    status: 'CONFIRMED',
    version: 2,
    payment_id: null,
    refund_id: `${exampleOrder.order_id}:refund`,
    reason: null,
  },
);
