import { PAYMENT_SERVICE_ACTOR, RECONCILER_ACTOR } from '../../src/domain/order.ts';
import { isFinal } from '../../src/domain/order-status.ts';
import { sagaChangeKinds } from '../../src/domain/order-change.ts';
import { NEEDS_ATTENTION, ORDER_UPDATED } from '../../src/domain/order-event.ts';
import { reservationExplained, stockConserved } from './check-stock.ts';
import { moneyByOrder, moneyMatches } from './check-money.ts';
import type { Breach, Evidence } from './evidence.ts';
import type { Life } from './live-order.ts';
import type { ReadOrder, Reading, ReadWorkflow, StatusChange } from './read-everything.ts';
import { isAtRest } from './rest.ts';

/** A promise of the product, how often it was checked, and where it was broken. */
export interface Verdict {
  readonly name: string;
  readonly checked: number;
  readonly breaches: readonly Breach[];
}

/** Looks at everything from the outside; each verdict without a breach is a promise kept. */
export function checkInvariants(evidence: Evidence): Verdict[] {
  const { lives, now, received, isCapturedLater } = evidence;
  const { orders } = now;
  const byId = new Map(orders.map((order) => [order.id, order]));
  const money = moneyByOrder(now.payments);
  const amended = new Set(
    lives.flatMap(({ planned, orderIds }) => (planned.story.kind === 'amend' ? [...orderIds] : [])),
  );
  const outcomes = lives.filter(({ orderIds }) => orderIds.size > 0);
  return [
    verdict('every order was answered as documented', lives, ({ planned, orderIds, oddities }) =>
      oddities.map((oddity) => ({ orderId: [...orderIds][0], what: `${planned.key}: ${oddity}` })),
    ),
    verdict('every key placed exactly one order', outcomes, (life) => placedOnce(life, orders)),
    verdict('every order is final, at rest or needs attention', orders, (order) =>
      isAtRest(order) || order.saga_state === 'NEEDS_ATTENTION'
        ? []
        : [{ orderId: order.id, what: `is ${order.status}, its saga ${order.saga_state}` }],
    ),
    verdict('an answer that said "done" holds', outcomes, (life) => promisesKept(life, now)),
    verdict('stock is conserved, product by product', now.products, (product) => stockConserved(product, evidence)),
    verdict('no hold without an order', now.reservations, (reservation) =>
      reservationExplained(reservation, byId.get(reservation.order_id)),
    ),
    verdict('captured minus refunded is what the order says', orders, (order) =>
      moneyMatches(order, money.get(order.id), { wasAmended: amended.has(order.id), isCapturedLater }),
    ),
    verdict('no payment without an order', [...money.keys()], (orderId) =>
      byId.has(orderId) ? [] : [{ orderId, what: 'was charged and does not exist' }],
    ),
    verdict('projection and workflow agree', orders, (order) => workflowAgrees(order, now)),
    verdict('history has no gaps', orders, (order) => historyComplete(order, now)),
    verdict('every change has its event, delivered in order', orders, ({ id }) =>
      eventsComplete(id, now, received.get(id) ?? []),
    ),
  ];
}

function verdict<T>(name: string, subjects: readonly T[], check: (subject: T) => readonly Breach[]): Verdict {
  return { name, checked: subjects.length, breaches: subjects.flatMap(check) };
}

function placedOnce({ planned, orderIds }: Life, orders: readonly ReadOrder[]): Breach[] {
  const placed = orders.filter(({ metadata }) => metadata['chaos_key'] === planned.key).map(({ id }) => id);
  const [orderId] = orderIds;
  if (orderIds.size === 1 && placed.length === 1 && placed[0] === orderId) return [];
  return [
    {
      orderId,
      what: `key ${planned.key}: answers named ${[...orderIds].join(', ')}, on record ${placed.join(', ') || 'none'}`,
    },
  ];
}

function promisesKept({ orderIds, promised }: Life, { histories }: Reading): Breach[] {
  const [orderId = ''] = orderIds;
  const been = new Set(histories.get(orderId)?.map(({ to }) => to));
  return [...promised].flatMap((status) => (been.has(status) ? [] : [{ orderId, what: `was said to be ${status}` }]));
}

const NO_WORKFLOW: ReadWorkflow = { state: 'MISSING', status: undefined, needsAttention: false, busy: false };

function workflowAgrees(order: ReadOrder, { workflows }: Reading): Breach[] {
  const { id: orderId, status, saga_state: sagaState } = order;
  const workflow = workflows.get(orderId) ?? NO_WORKFLOW;
  const say = (what: string): Breach[] => [{ orderId, what: `is ${status} ${sagaState}, ${what}` }];
  switch (workflow.state) {
    case 'RUNNING':
      if (workflow.status !== status) return say(`its workflow ${workflow.status}`);
      if (isFinal(order.status)) return say('its workflow still runs');
      return workflow.needsAttention === (sagaState === 'NEEDS_ATTENTION') ? [] : say('its workflow does not');
    case 'COMPLETED':
      return workflow.status === status ? [] : say(`its workflow ended as ${workflow.status}`);
    case 'CANCELLED':
      return status === 'CANCELLED' ? [] : say('its workflow was cancelled');
    default:
      // A workflow may be terminated after its order was final.
      return isFinal(order.status) && workflow.state === 'TERMINATED' ? [] : say(`its workflow is ${workflow.state}`);
  }
}

function historyComplete({ id: orderId, status }: ReadOrder, { histories }: Reading): Breach[] {
  const changes = histories.get(orderId) ?? [];
  const steps = changes.map(({ from, to }) => `${from ?? 'nothing'} → ${to}`).join(', ');
  const begins = changes[0]?.from === null && changes[0].to === 'PENDING';
  const follows = changes.every(({ from }, index) => index === 0 || from === changes[index - 1]?.to);
  const rises = changes.every(({ version }, index) => index === 0 || version > (changes[index - 1]?.version ?? 0));
  if (begins && follows && rises && changes.at(-1)?.to === status) return [];
  return [{ orderId, what: `is ${status}, its history ${steps || 'empty'}` }];
}

function eventsComplete(orderId: string, { histories, events }: Reading, received: readonly number[]): Breach[] {
  const changes = histories.get(orderId)?.filter((change) => !isOfSaga(change)).length ?? 0;
  const own = events.filter((event) => event.orderId === orderId);
  const told = own.filter(({ type }) => type.startsWith('order.') && !typesOfSaga.includes(type)).length;
  if (told !== changes) return [{ orderId, what: `${changes} changes of status, ${told} events` }];
  const wanted = own.map(({ id }) => id).join(', ');
  if (own.every(({ isPublished }) => isPublished) && received.join(', ') === wanted) return [];
  const open = own.filter(({ isPublished }) => !isPublished).length;
  return [
    { orderId, what: `events ${wanted}, of which ${open} not published; received ${received.join(', ') || 'none'}` },
  ];
}

/** What tells of the saga's state. */
const typesOfSaga: readonly string[] = [ORDER_UPDATED, NEEDS_ATTENTION];

/** Whether a change is one of the saga's state, or of money that moved at the payment service: no event of the order itself tells of either. */
function isOfSaga({ change, actor }: StatusChange): boolean {
  if (actor === RECONCILER_ACTOR) return change !== 'STATUS';
  return sagaChangeKinds.some((kind) => kind === change) || actor === PAYMENT_SERVICE_ACTOR;
}
