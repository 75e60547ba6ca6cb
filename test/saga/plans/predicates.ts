import { canTransition } from '../../../src/domain/order-status.ts';
import { answersTruthfully } from './answers.ts';
import {
  addsUp,
  isTaxedWhereItGoes,
  keepsTheRightMoney,
  keepsTrueBooks,
  leavesNothingHeld,
  remembersCharges,
  takesNoMoreThanIsDue,
  tellsOfItsMoney,
} from './money-predicates.ts';
import type { AtRest } from './run-plan.ts';
import { keepsTheRightStock, returnsNoMoreThanWasShipped } from './stock-predicates.ts';

/** Says what is not so, or nothing. */
type Predicate = (rest: AtRest) => string | undefined;

/** What must hold of an order that is at rest, whatever befell it. */
const predicates: Readonly<Record<string, Predicate>> = {
  'it comes to rest': ({ isAtRest }) => (isAtRest ? undefined : 'it goes on for ever'),
  'workflow code does not fail': ({ server }) => server.defects[0],
  'the order is not stuck': isNotStuck,
  'the workflow is over when the order is': endsWithTheOrder,
  'the saga says so': saysWhereItIs,
  'the money is what the order says': keepsTheRightMoney,
  'what is authorised was captured or released': leavesNothingHeld,
  'the total is what its lines come to': addsUp,
  'the tax is that of where the goods go': isTaxedWhereItGoes,
  'the transactions on record are what the order says': keepsTrueBooks,
  'a charge by hand is on record': remembersCharges,
  'money is never taken twice': takesNoMoreThanIsDue,
  'the order tells of its money': tellsOfItsMoney,
  'the stock is what the order says': keepsTheRightStock,
  'nothing comes back that never left': returnsNoMoreThanWasShipped,
  'nothing is held for an order that is over': ({ lateHolds, projection }) =>
    lateHolds > 0 && projection.rows.ledger.get('releaseInventoryIfReserved') !== 'SKIPPED'
      ? `${lateHolds} late`
      : undefined,
  'the history is a legal walk': hasLegalHistory,
  'every compensation of a cancelled order is settled': settlesEveryCompensation,
  'amendments and returns are brought to their end': leavesNothingOpen,
  'an amendment that failed has changed nothing': changesByAmendmentsOnly,
  'the customer hears once': hearsOnce,
  'search attributes say what it waits for': ({ disagreements }) => disagreements[0],
  'every command is answered truthfully': answersTruthfully,
};

/** What is not as it must be, by the name of the promise. */
export function breaches(rest: AtRest): string[] {
  return Object.entries(predicates).flatMap(([name, holds]) => {
    const problem = holds(rest);
    return problem === undefined ? [] : [`not so: ${name}: ${problem}`];
  });
}

function isNotStuck({ projection }: AtRest): string | undefined {
  const { status } = projection.rows.order;
  return status === 'PENDING' || status === 'PAYMENT_FAILED' ? `it rests in ${status}` : undefined;
}

function endsWithTheOrder({ server, projection, wasCancelledFromOutside }: AtRest): string | undefined {
  const { order, returns } = projection.rows;
  const { status } = order;
  const ending = server.ending();
  // What came back as a whole and is not to be refunded is as far as it will come.
  const isUnrefunded = status === 'RETURNED' && returns.some(({ state }) => state === 'UNREFUNDED');
  const isOver = status === 'CANCELLED' || status === 'DELIVERED' || status === 'REFUNDED' || isUnrefunded;
  if (!ending) return isOver ? `the workflow of an order in ${status} is still open` : undefined;
  if (!isOver) return `the workflow of an order in ${status} has ${ending.how}`;
  if (ending.how === 'cancelled')
    return wasCancelledFromOutside && status === 'CANCELLED' ? undefined : 'nobody cancelled it';
  const result = (ending.result as { status?: string } | undefined)?.status;
  return ending.how === 'completed' && result === status ? undefined : `it ${ending.how} with ${result}`;
}

function saysWhereItIs({ projection }: AtRest): string | undefined {
  const { order, amendments, returns } = projection.rows;
  const { status, sagaState } = order;
  const wasTakenBack = [...amendments, ...returns].some(({ state }) => state === 'FAILED' || state === 'REJECTED');
  if (status !== 'CANCELLED' && sagaState === 'COMPENSATED' && wasTakenBack) return undefined;
  const expected = status === 'CANCELLED' ? 'COMPENSATED' : 'COMPLETED';
  return sagaState === expected ? undefined : `${status} with a saga that is ${sagaState}`;
}

function hasLegalHistory({ projection }: AtRest): string | undefined {
  let status = 'PENDING';
  for (const { from, to } of projection.rows.history) {
    if (from !== status || !canTransition(from, to)) return `${from} → ${to} after ${status}`;
    status = to;
  }
  return undefined;
}

function settlesEveryCompensation({ projection }: AtRest): string | undefined {
  const { order, ledger } = projection.rows;
  if (order.status !== 'CANCELLED') return undefined;
  for (const compensation of ['releaseInventoryIfReserved', 'refundPaymentIfCharged']) {
    const state = ledger.get(compensation);
    if (state !== 'DONE' && state !== 'SKIPPED' && state !== 'RESOLVED') return `${compensation} is ${state}`;
  }
  return undefined;
}

function leavesNothingOpen({ projection }: AtRest): string | undefined {
  const { amendments, returns } = projection.rows;
  const amendment = amendments.find(({ state }) => state === 'PLANNED');
  if (amendment) return `amendment ${amendment.number} is ${amendment.state}`;
  const open = returns.find(({ state }) => state === 'OPEN' || state === 'RESTOCKED');
  return open && `return ${open.number} is ${open.state}`;
}

/** The order's lines and total are those of the last amendment that was carried out, each planned on what was there before it. */
function changesByAmendmentsOnly({ projection }: AtRest): string | undefined {
  const { amendments, items, order } = projection.rows;
  const done = amendments.filter(({ state }) => state === 'DONE');
  const last = done.at(-1);
  if (last && linesOf(last.items) !== linesOf(items)) return `${linesOf(items)} after ${linesOf(last.items)}`;
  if (last && last.amounts.totalMinor !== order.amounts.totalMinor)
    return `${order.amounts.totalMinor} after ${last.amounts.totalMinor}`;
  const broken = done.find((one, index) => index > 0 && linesOf(one.before) !== linesOf(done[index - 1]!.items));
  return broken && `amendment ${broken.number} was of ${linesOf(broken.before)}`;
}

function hearsOnce({ messages, projection }: AtRest): string | undefined {
  const { history, ledger } = projection.rows;
  const wasConfirmed = history.some(({ to }) => to === 'CONFIRMED');
  if (messages.length > 1) return messages.join(', ');
  if (messages.length === 1) return wasConfirmed ? undefined : 'a message about an order that never was confirmed';
  const isTold = ledger.get('notifyCustomer') === 'DONE';
  return isTold ? 'recorded as told, and nobody was' : undefined;
}

function linesOf(items: readonly { readonly id: string; readonly quantity: number }[]): string {
  return JSON.stringify(items.map(({ id, quantity }) => [id, quantity]));
}
