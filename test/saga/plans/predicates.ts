import { canTransition, isCancellable } from '../../../src/domain/order-status.ts';
import { input, type AtRest, type SentCommand } from './run-plan.ts';

/** Says what is not so, or nothing. */
type Predicate = (rest: AtRest) => string | undefined;

/** What must hold of an order that is at rest, whatever befell it. */
const predicates: Readonly<Record<string, Predicate>> = {
  'it comes to rest': ({ isAtRest }) => (isAtRest ? undefined : 'it goes on for ever'),
  'workflow code does not fail': ({ engine }) => engine.defects[0],
  'the order is not stuck': isNotStuck,
  'the workflow is over when the order is': endsWithTheOrder,
  'the saga says so': saysWhereItIs,
  'the money is what the order says': keepsTheRightMoney,
  'money is never taken twice': ({ payment }) =>
    payment.mostKeptMinor() > input.totalMinor ? `${payment.mostKeptMinor()} was kept at one moment` : undefined,
  'the order tells of its money': tellsOfItsMoney,
  'the stock is what the order says': keepsTheRightStock,
  'nothing is held for an order that is over': ({ lateHolds, projection }) =>
    lateHolds > 0 && projection.ledger.get('releaseInventoryIfReserved') !== 'SKIPPED'
      ? `${lateHolds} late`
      : undefined,
  'the history is a legal walk': hasLegalHistory,
  'every undo of a cancelled order is settled': settlesEveryUndo,
  'the customer hears once': hearsOnce,
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
  const { status } = projection.order;
  return status === 'PENDING' || status === 'PAYMENT_FAILED' ? `it rests in ${status}` : undefined;
}

function endsWithTheOrder({ engine, projection, wasCancelledFromOutside }: AtRest): string | undefined {
  const { status } = projection.order;
  const ending = engine.ending();
  const isOver = status === 'CANCELLED' || status === 'DELIVERED';
  if (!ending) return isOver ? `the workflow of an order in ${status} is still open` : undefined;
  if (!isOver) return `the workflow of an order in ${status} has ${ending.how}`;
  if (ending.how === 'cancelled')
    return wasCancelledFromOutside && status === 'CANCELLED' ? undefined : 'nobody cancelled it';
  const result = (ending.result as { status?: string } | undefined)?.status;
  return ending.how === 'completed' && result === status ? undefined : `it ${ending.how} with ${result}`;
}

function saysWhereItIs({ projection }: AtRest): string | undefined {
  const { status, sagaState } = projection.order;
  const expected = status === 'CANCELLED' ? 'COMPENSATED' : 'COMPLETED';
  return sagaState === expected ? undefined : `${status} with a saga that is ${sagaState}`;
}

function keepsTheRightMoney({ payment, projection }: AtRest): string | undefined {
  const { status } = projection.order;
  const kept = payment.keptMinor();
  const isSkipped = projection.ledger.get('refundPaymentIfCharged') === 'SKIPPED';
  if (status === 'CANCELLED' && isSkipped) return undefined;
  const expected = status === 'CANCELLED' ? 0 : input.totalMinor;
  return kept === expected ? undefined : `${status} and ${kept} kept`;
}

function tellsOfItsMoney({ payment, projection }: AtRest): string | undefined {
  const { status, paymentStatus, refundedMinor } = projection.order;
  if (status !== 'CANCELLED') return paymentStatus === 'CAPTURED' ? undefined : `${status} with ${paymentStatus}`;
  // What an operator did or left undone the order does not know.
  if (projection.ledger.get('refundPaymentIfCharged') !== 'DONE') return undefined;
  if (refundedMinor !== payment.refundedMinor()) return `${refundedMinor} told, ${payment.refundedMinor()} refunded`;
  const truthful = refundedMinor > 0 ? ['REFUNDED'] : ['PENDING', 'FAILED'];
  return truthful.includes(paymentStatus) ? undefined : `${refundedMinor} refunded, told ${paymentStatus}`;
}

function keepsTheRightStock({ inventory, projection }: AtRest): string | undefined {
  const { status } = projection.order;
  const { stock, held, soldToOthers, initialStock } = inventory.books();
  const quantity = input.lines[0]!.quantity;
  const sold = initialStock - soldToOthers - stock;
  const isSkipped = projection.ledger.get('releaseInventoryIfReserved') === 'SKIPPED';
  if (status === 'CANCELLED' && isSkipped) {
    const taken = sold + held;
    return taken === 0 || taken === quantity ? undefined : `${taken} taken by an order for ${quantity}`;
  }
  const expected = status === 'CANCELLED' ? 0 : quantity;
  return sold === expected && held === 0 ? undefined : `${status} with ${sold} sold and ${held} held`;
}

function hasLegalHistory({ projection }: AtRest): string | undefined {
  let status = 'PENDING';
  for (const { from, to } of projection.history) {
    if (from !== status || !canTransition(from, to)) return `${from} → ${to} after ${status}`;
    status = to;
  }
  return undefined;
}

function settlesEveryUndo({ projection }: AtRest): string | undefined {
  if (projection.order.status !== 'CANCELLED') return undefined;
  for (const undo of ['releaseInventoryIfReserved', 'refundPaymentIfCharged'] as const) {
    const state = projection.ledger.get(undo);
    if (state !== 'DONE' && state !== 'SKIPPED' && state !== 'RESOLVED') return `${undo} is ${state}`;
  }
  return undefined;
}

function hearsOnce({ messages, projection }: AtRest): string | undefined {
  const wasConfirmed = projection.history.some(({ to }) => to === 'CONFIRMED');
  if (messages.length > 1) return messages.join(', ');
  if (messages.length === 1) return wasConfirmed ? undefined : 'a message about an order that never was confirmed';
  const isTold = projection.ledger.get('notifyCustomer') === 'DONE';
  return isTold ? 'recorded as told, and nobody was' : undefined;
}

function answersTruthfully({ sent, projection, engine }: AtRest): string | undefined {
  if (engine.unanswered() > 0) return 'an update waits for its answer';
  for (const command of sent) {
    const problem = lieIn(command, projection);
    if (problem) return `${command.name} (${command.id}): ${problem}`;
  }
  return undefined;
}

function lieIn({ name, id, payload, answer, statusThen }: SentCommand, { order, history }: AtRest['projection']) {
  if (!answer) return 'no answer';
  const wasDone = history.some(({ key }) => key === `command:${id}`);
  if (answer.kind === 'done') {
    if (name === 'cancelOrder' && order.status !== 'CANCELLED') return `told cancelled, and it is ${order.status}`;
    if (name === 'changeStatus' && !wasDone) return `told ${String(payload['status'])}, which it never was`;
    if (name === 'retryPayment' && !history.some(({ to }) => to === 'PENDING')) return 'told retried, which it was not';
    return undefined;
  }
  if (name === 'changeStatus' && wasDone) return `told ${answer.kind}, and it was done`;
  if (name === 'cancelOrder' && 'type' in answer && isCancellable(statusThen!)) {
    return `told ${answer.message}, and it was ${statusThen}`;
  }
  return undefined;
}
