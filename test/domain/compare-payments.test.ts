import { describe, expect, test } from 'vitest';
import {
  comparePayments,
  type BookedMovement,
  type ComparedOrder,
  type ProviderPayment,
} from '../../src/domain/compare-payments.ts';

const from = new Date('2026-11-01');
const to = new Date('2026-11-02');
const at = new Date('2026-11-01T12:00:00Z');
const before = new Date('2026-10-01');

const charge: BookedMovement = {
  idempotencyKey: 'o1:charge:1',
  kind: 'CHARGE',
  status: 'CAPTURED',
  paymentId: 'p1',
  amountMinor: 2_500,
  currency: 'EUR',
  at,
};
const refund: BookedMovement = {
  ...charge,
  idempotencyKey: 'o1:refund',
  kind: 'REFUND',
  status: 'REFUNDED',
  paymentId: null,
  amountMinor: 500,
};
const payment: ProviderPayment = {
  paymentId: 'p1',
  idempotencyKey: 'o1:charge:1',
  orderId: 'o1',
  status: 'CAPTURED',
  amountMinor: 2_500,
  refundedMinor: 0,
  currency: 'EUR',
  feeMinor: 60,
  changedAt: at,
};

const compare = (given: Partial<ComparedOrder>) =>
  comparePayments({ orderId: 'o1', listed: [payment], books: [charge], from, to, ...given });
const kinds = (given: Partial<ComparedOrder>) => compare(given).map(({ kind }) => kind);

describe('what is no difference', () => {
  test.each<[string, Partial<ComparedOrder>]>([
    ['the same on both sides', {}],
    [
      'a refund that has failed on both sides',
      {
        books: [
          charge,
          refund,
          { ...refund, kind: 'REFUND_FAILURE', status: 'FAILED', idempotencyKey: 'o1:refund:failed:re_1' },
        ],
      },
    ],
    ['a refund on both sides', { listed: [{ ...payment, refundedMinor: 500 }], books: [charge, refund] }],
    [
      'a charge that was compensated before it was on record',
      { listed: [{ ...payment, refundedMinor: 2_500 }], books: [] },
    ],
    [
      'a declined charge on both sides',
      { listed: [{ ...payment, status: 'DECLINED' }], books: [{ ...charge, status: 'DECLINED' }] },
    ],
    ['an authorisation that is still open', { listed: [{ ...payment, status: 'OPEN' }], books: [] }],
    ['what moved before the time of the report', { listed: [], books: [{ ...charge, at: before }] }],
    [
      'a refund after the time of the report, which only the payment service tells of yet',
      { listed: [{ ...payment, refundedMinor: 500, changedAt: to }] },
    ],
    [
      'a refund of a payment that moved before',
      { listed: [{ ...payment, refundedMinor: 500 }], books: [{ ...charge, at: before }, refund] },
    ],
    [
      'an amendment whose first charge is older than the list',
      {
        listed: [{ ...payment, paymentId: 'p2', idempotencyKey: 'o1:charge:amend:1', amountMinor: 700 }],
        books: [
          { ...charge, at: before },
          { ...charge, paymentId: 'p2', idempotencyKey: 'o1:charge:amend:1', amountMinor: 700 },
          refund,
        ],
      },
    ],
    [
      'a payment that was captured in parts',
      {
        listed: [payment],
        books: [
          { ...charge, idempotencyKey: 'o1:capture:1', amountMinor: 1_000 },
          { ...charge, idempotencyKey: 'o1:capture:2', amountMinor: 1_500 },
        ],
      },
    ],
  ])('%s', (_, given) => {
    expect(compare(given)).toEqual([]);
  });
});

describe('a difference is found', () => {
  test.each<[string, string[], Partial<ComparedOrder>]>([
    ['that is missing at the payment service', ['MISSING_AT_PROVIDER'], { listed: [] }],
    [
      'a refund that is missing there',
      ['MISSING_AT_PROVIDER'],
      { listed: [], books: [{ ...charge, at: before }, refund] },
    ],
    ['that is missing with us', ['MISSING_WITH_US'], { books: [] }],
    [
      'of somebody else',
      ['MISSING_WITH_US'],
      { orderId: null, listed: [{ ...payment, orderId: null, idempotencyKey: null }], books: [] },
    ],
    ['with another amount', ['AMOUNT'], { listed: [{ ...payment, amountMinor: 2_499 }] }],
    ['in another currency', ['CURRENCY'], { listed: [{ ...payment, currency: 'USD' }] }],
    ['that was declined there', ['STATUS'], { listed: [{ ...payment, status: 'DECLINED' }] }],
    ['that was taken there', ['STATUS'], { books: [{ ...charge, status: 'DECLINED' }] }],
    ['that was refunded there', ['REFUNDED'], { listed: [{ ...payment, refundedMinor: 1 }] }],
    ['that was refunded here', ['REFUNDED'], { books: [charge, refund] }],
    ['that was taken twice', ['DUPLICATED', 'DUPLICATED'], { listed: [payment, { ...payment, paymentId: 'p2' }] }],
  ])('%s', (_, expected, given) => {
    expect(kinds(given)).toEqual(expected);
  });
});
