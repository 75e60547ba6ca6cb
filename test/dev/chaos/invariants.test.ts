import { expect, test } from 'vitest';
import { checkInvariants } from '../../../dev/chaos/invariants.ts';
import { drawPlan } from '../../../dev/chaos/plan.ts';
import type { Evidence } from '../../../dev/chaos/evidence.ts';

const ID = 'order-1';
const [planned] = drawPlan({ orders: 1, minutes: 1, seed: 1 }).orders;
const items = [{ sku: 'A', quantity: 2, returned_quantity: 0 }];

type Whole = {
  -readonly [Key in keyof Evidence['now']]: Evidence['now'][Key] extends readonly (infer Row)[]
    ? { -readonly [Field in keyof Row]: Row[Field] }[]
    : Evidence['now'][Key];
};

/** One confirmed order about which everything is right. */
function balanced(): {
  lives: Evidence['lives'];
  now: Whole;
  received: Map<string, readonly number[]>;
  isCapturedLater: boolean;
} {
  const metadata = { chaos_key: planned!.key };
  const money = { amount: '25.00', refunded_amount: '0.00', currency: 'EUR' };
  return {
    lives: [{ planned: planned!, orderIds: new Set([ID]), promised: new Set(), commands: [], oddities: [] }],
    now: {
      orders: [
        {
          id: ID,
          status: 'CONFIRMED',
          payment_status: 'CAPTURED',
          saga_state: 'COMPLETED',
          total: '25.00',
          refunded_amount: '0.00',
          currency: 'EUR',
          metadata,
          items,
        },
      ],
      products: [{ sku: 'A', currency: 'EUR', stock: 8, reserved: 0 }],
      payments: [{ order_id: ID, ...money, status: 'CAPTURED' }],
      reservations: [{ order_id: ID, status: 'COMMITTED', items }],
      histories: new Map([
        [
          ID,
          [
            { version: 1, from: null, to: 'PENDING', change: 'STATUS', actor: 'admin:chaos' },
            { version: 2, from: 'PENDING', to: 'CONFIRMED', change: 'STATUS', actor: 'system:saga' },
          ],
        ],
      ]),
      workflows: new Map([[ID, { state: 'RUNNING', status: 'CONFIRMED', needsAttention: false, busy: false }]]),
      events: [
        { id: 1, orderId: ID, type: 'order.confirmed', isPublished: true },
        { id: 2, orderId: ID, type: 'order.confirmed', isPublished: true },
      ],
    },
    received: new Map([[ID, [1, 2]]]),
    isCapturedLater: false,
  };
}

function broken(change: (evidence: ReturnType<typeof balanced>) => void): string[] {
  const evidence = balanced();
  change(evidence);
  const verdicts = checkInvariants({ ...evidence, stockAtStart: new Map([['A', 10]]) });
  return verdicts.filter(({ breaches }) => breaches.length > 0).map(({ name }) => name);
}

test('an order without differences breaks no promise', () => {
  expect(broken(() => {})).toEqual([]);
});

const holding = (held: string) => (evidence: ReturnType<typeof balanced>) => {
  evidence.isCapturedLater = true;
  evidence.now.orders[0]!.payment_status = 'AUTHORIZED';
  const [payment] = evidence.now.payments;
  evidence.now.payments[0] = { ...payment!, amount: held, captured_amount: '10.00', status: 'PARTIALLY_CAPTURED' };
};

test('an order whose payment is captured with its shipments holds the rest until then, and no less', () => {
  expect(broken(holding('25.00'))).toEqual([]);
  expect(broken(holding('24.99'))).toEqual([money]);
});

const agree = 'projection and workflow agree';
const money = 'captured minus refunded is what the order says';
const hold = 'no hold without an order';
const stock = 'stock is conserved, product by product';
const events = 'every change has its event, delivered in order';

test.each<[string, string[], (evidence: ReturnType<typeof balanced>) => void]>([
  [
    'a key under which two orders were answered',
    ['every key placed exactly one order'],
    ({ lives }) => (lives[0]!.orderIds as Set<string>).add('other'),
  ],
  ['goods that left without an order', [stock], ({ now }) => (now.products[0]!.stock = 7)],
  ['a reservation that no row explains', [stock], ({ now }) => (now.products[0]!.reserved = 1)],
  ['a hold left beside a sold order', [stock, hold], ({ now }) => (now.reservations[0]!.status = 'HELD')],
  ['a hold of nobody', [hold], ({ now }) => now.reservations.push({ order_id: 'nobody', status: 'EXPIRED', items })],
  ['money given back for goods sold', [money], ({ now }) => (now.payments[0]!.refunded_amount = '25.00')],
  ['a charge made twice', [money], ({ now }) => now.payments.push({ ...now.payments[0]!, refunded_amount: '25.00' })],
  [
    'money taken in part',
    [money],
    ({ now }) => (now.payments[0] = { ...now.payments[0]!, captured_amount: '24.99', status: 'PARTIALLY_CAPTURED' }),
  ],
  [
    'money held beside what was taken',
    [money],
    ({ now }) => now.payments.push({ ...now.payments[0]!, captured_amount: '0.00', status: 'AUTHORIZED' }),
  ],
  [
    'a charge of nobody',
    ['no payment without an order'],
    ({ now }) => now.payments.push({ ...now.payments[0]!, order_id: 'nobody' }),
  ],
  [
    'a workflow elsewhere',
    [agree],
    ({ now }) =>
      (now.workflows = new Map([[ID, { state: 'RUNNING', status: 'PENDING', needsAttention: false, busy: false }]])),
  ],
  [
    'a workflow that was killed',
    [agree],
    ({ now }) =>
      (now.workflows = new Map([
        [ID, { state: 'TERMINATED', status: 'CONFIRMED', needsAttention: false, busy: false }],
      ])),
  ],
  ['no workflow', [agree], ({ now }) => (now.workflows = new Map())],
  ['an event that was not delivered', [events], ({ received }) => received.set(ID, [1])],
  ['events that came in another order', [events], ({ received }) => received.set(ID, [2, 1])],
  ['an event that is missing', [events], ({ now }) => now.events.pop()],
  [
    'a saga that is stuck',
    ['every order is final, at rest or needs attention'],
    ({ now }) => (now.orders[0]!.saga_state = 'COMPENSATING'),
  ],
  [
    'an answer taken back',
    ['an answer that said "done" holds'],
    ({ lives }) => (lives[0]!.promised as Set<string>).add('SHIPPED'),
  ],
  [
    'an unexplained answer',
    ['every order was answered as documented'],
    ({ lives }) => (lives[0]!.oddities as string[]).push('500'),
  ],
])('%s is noticed', (_what, names, change) => {
  expect(broken(change)).toEqual(names);
});

test('a gap in the history is noticed', () => {
  const gap = [
    { version: 1, from: null, to: 'PENDING', change: 'STATUS' as const, actor: 'a' },
    { version: 2, from: 'PROCESSING', to: 'CONFIRMED', change: 'STATUS' as const, actor: 'b' },
  ];
  expect(broken(({ now }) => (now.histories = new Map([[ID, gap]])))).toEqual(['history has no gaps']);
});

const then = (change: 'STATUS' | 'DETAILS', actor: string) =>
  broken(({ now }) => {
    const next = { version: 3, from: 'CONFIRMED', to: 'CONFIRMED', change, actor } as const;
    now.histories = new Map([[ID, [...now.histories.get(ID)!, next]]]);
  });

test('a change of status has an event of its own, and what the reconciler finds out about a saga has none', () => {
  expect(then('DETAILS', 'system:reconciler')).toEqual([]);
  expect(then('STATUS', 'system:reconciler')).toEqual([events]);
  expect(then('DETAILS', 'admin:chaos')).toEqual([events]);
});
