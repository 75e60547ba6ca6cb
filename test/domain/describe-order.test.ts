import { describe, expect, test } from 'vitest';
import { resolutions } from '../../src/domain/messages.ts';
import { allowedAfter, orderStatuses } from '../../src/domain/order-status.ts';
import { isCompensation, sagas, type SagaAction } from '../../src/domain/saga.ts';
import { describeOrder, type OrderDescription } from '../../workflows/describe-order.ts';

const calm: OrderDescription = {
  status: 'PENDING',
  total: '25.00 EUR',
  slowSteps: [],
  awaited: undefined,
  parked: new Map(),
  isNotificationFailed: false,
  dispute: undefined,
  isPaymentOpen: false,
  remark: undefined,
};
const sagaActions = Object.entries(sagas.create).flatMap(([step, compensation]) => [
  step,
  compensation ?? step,
]) as SagaAction[];

test.each(orderStatuses)('an order that is %s shows its status, its total and where it may go', (status) => {
  const text = describeOrder({ ...calm, status });
  expect(text).toContain(`**${status}** · 25.00 EUR`);
  for (const next of allowedAfter(status)) expect(text).toContain(next);
  expect(text.includes('This is final.')).toBe(allowedAfter(status).length === 0);
  expect(text).not.toContain('attention');
});

test('a step that did not succeed at once is named, with where to look', () => {
  const text = describeOrder({ ...calm, slowSteps: ['chargePayment'] });
  expect(text).toContain('`chargePayment`');
  expect(text).toContain('pending activity');
});

test('a step whose service answers later says so, and since when', () => {
  const since = '2026-11-26T12:00:00.000Z';
  const text = describeOrder({ ...calm, slowSteps: ['chargePayment'], awaited: { step: 'chargePayment', since } });
  expect(text).toContain(`\`chargePayment\` was accepted by its service, whose answer is awaited since ${since}`);
  expect(text).not.toContain('pending activity');
});

const parkedActions = [...new Set(sagaActions)].filter((step) => step !== 'reviewOrder');

test('an order that waits for its review says why, and which command decides', () => {
  const text = describeOrder({ ...calm, parked: new Map([['reviewOrder', 'the total is above 90 EUR']]) });
  expect(text).toContain('Needs attention: a person has to review the order');
  expect(text).toContain('the total is above 90 EUR');
  for (const word of ['`reviewOrder`', '`approve`', '`reject`']) expect(text).toContain(word);
});

describe.each(parkedActions)('a parked %s', (step) => {
  const text = describeOrder({ ...calm, parked: new Map([[step, 'REQUEST_REJECTED: no such token']]) });

  test('says what happened, and no longer that it is being retried', () => {
    expect(text).toContain(`Needs attention: \`${step}\``);
    expect(text).toContain('REQUEST_REJECTED: no such token');
    expect(text).not.toContain('pending activity');
  });

  test('names every choice and the command that makes it', () => {
    expect(text).toContain('`resolveStep`');
    expect(text).toContain(`"step": "${step}"`);
    for (const resolution of resolutions) expect(text).toContain(`\`${resolution}\``);
    expect(text).toContain('not done twice');
    expect(text).toMatch(/by hand|told the customer/);
  });

  test('tells what giving it up does: a compensation stays undone, a step costs the order', () => {
    const skip = text.split('\n').find((line) => line.startsWith('- `skip`'));
    const effect = step === 'notifyCustomer' ? 'the order goes on' : 'the order is cancelled';
    expect(skip).toContain(isCompensation(step) ? 'leaves it undone' : effect);
  });
});

test('two parked compensations are both described', () => {
  const parked = new Map<SagaAction, string>([
    ['refundPaymentIfCharged', 'no refund'],
    ['releaseInventoryIfReserved', 'no release'],
  ]);
  const text = describeOrder({ ...calm, parked });
  expect(text.match(/### Needs attention/g)).toHaveLength(2);
  expect(text).toContain('no refund');
  expect(text).toContain('no release');
});

test('a remark closes the description', () => {
  expect(describeOrder({ ...calm, remark: 'Payment declined.' }).endsWith('_Payment declined._')).toBe(true);
});
