import { expect, test } from 'vitest';
import type { OrderDetails } from '../../src/console/order/order-details.ts';
import { pictureSagas } from '../../src/console/order/saga-picture.ts';
import { mergeTimeline } from '../../src/console/order/timeline.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 27, 8, 0, second)).toISOString();

type Step = OrderDetails['steps'][number];

const step = (name: string, state: Step['state'], more: Partial<Step> = {}): Step => ({
  saga: 'create',
  step: name,
  kind: 'do',
  state,
  attempts: 1,
  last_error: null,
  actor: 'system:saga',
  started_at: at(1),
  updated_at: at(1),
  ...more,
});

const nothing = {
  history: [],
  steps: [],
  payments: [],
  shipments: [],
  returns: [],
  refunds: [],
  messages: [],
  notes: [],
  disputes: [],
  reviews: [],
  stall: null,
} satisfies Omit<OrderDetails, 'order'>;

// The order itself has no part in the timeline.
const detailsOf = (parts: Partial<OrderDetails>) => ({ ...nothing, ...parts }) as OrderDetails;

const money = (amount: string) => `€${amount}`;

test('everything that happened stands in one line of time, the latest first', () => {
  const entries = mergeTimeline(
    detailsOf({
      history: [
        {
          version: 1,
          from: null,
          to: 'PENDING',
          change: 'STATUS',
          step: null,
          actor: 'customer:demo',
          reason: null,
          at: at(0),
        },
        {
          version: 2,
          from: 'PENDING',
          to: 'CONFIRMED',
          change: 'STATUS',
          step: null,
          actor: 'system:saga',
          reason: 'paid',
          at: at(3),
        },
      ],
      steps: [step('chargePayment', 'DONE', { started_at: at(1), updated_at: at(3), attempts: 4 })],
      notes: [{ id: 'n', text: 'called back', author: 'support:ann', at: at(9) }],
    }),
    money,
  );
  expect(entries.map(({ title }) => title)).toEqual(['Note', 'Pending → Confirmed', 'Charge payment: done', 'Placed']);
  expect(entries[0]).toMatchObject({ actor: 'ann (support)', details: ['called back'] });
  expect(entries[2]?.details).toEqual(['4 attempts.', 'Took 2 s.']);
});

test('a step that is tried again says so, with the last error', () => {
  const steps = [step('chargePayment', 'RUNNING', { attempts: 7, last_error: 'the service is down' })];
  const [entry] = mergeTimeline(detailsOf({ steps }), money);
  expect(entry).toMatchObject({ tone: 'warn', title: 'Charge payment: is being retried' });
  expect(entry?.details).toContain('Last error: the service is down');
});

test('a saga that still runs is drawn with the steps to come', () => {
  const [create] = pictureSagas([step('reserveInventory', 'DONE'), step('chargePayment', 'RUNNING', { attempts: 3 })]);
  expect(create?.columns.map(({ step: name, state }) => [name, state])).toEqual([
    ['reserveInventory', 'done'],
    ['chargePayment', 'retrying'],
    ['confirmOrder', 'waiting'],
    ['notifyCustomer', 'waiting'],
  ]);
});

test('a compensation is drawn under its step, and nothing is to come any more', () => {
  const [create] = pictureSagas([
    step('reserveInventory', 'DONE'),
    step('chargePayment', 'REFUSED'),
    step('releaseInventoryIfReserved', 'FAILED', { kind: 'undo', attempts: 5, last_error: 'no answer' }),
  ]);
  expect(create?.columns).toHaveLength(2);
  expect(create?.columns[0]?.compensation).toMatchObject({ state: 'parked', attempts: 5, error: 'no answer' });
});

test('each amendment and return is a picture of its own', () => {
  const pictures = pictureSagas([
    step('reserveInventory', 'DONE'),
    step('restockReturn', 'DONE', { saga: 'return:1' }),
  ]);
  expect(pictures.map(({ saga }) => saga)).toEqual(['create', 'return:1']);
  expect(pictures[1]?.columns).toHaveLength(1);
});
