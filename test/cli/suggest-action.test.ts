import { expect, test } from 'vitest';
import type { SagaStep } from '../../src/client/client.ts';
import { suggestAction } from '../../src/cli/orders/show-saga.ts';

const parked = (step: SagaStep['step']) =>
  suggestAction('ORD-00000042', [{ step, state: 'FAILED', last_error: 'no' } as SagaStep]);

test.each([
  ['chargePayment', 'the order is cancelled'],
  ['refundAmount', 'leaves it undone and goes on'],
  ['refundReturn', 'leaves it undone and goes on'],
  ['refundPaymentIfCharged', 'leaves it undone and goes on'],
  ['chargeDifference', 'the order stays as it was'],
  ['restockReturn', 'the order stays as it was'],
  ['notifyCustomer', 'the order goes on all the same'],
] as const)('of %s the operator is told that giving it up %s', (step, effect) => {
  const [skip] = parked(step)
    .split('\n')
    .filter((line) => line.includes('--action skip'));
  expect(skip).toContain(`orders retry ORD-00000042 --step ${step} --action skip --reason …`);
  expect(skip).toContain(effect);
});

test('whoever moved money by hand is told to give its reference', () => {
  for (const step of ['chargePayment', 'refundAmount'] as const) expect(parked(step)).toContain('add --reference …');
});
