import { isCancellable } from '../../../src/domain/order-status.ts';
import type { SentCommand } from './commands.ts';
import type { Rows } from './rows.ts';
import type { AtRest } from './run-plan.ts';

/** Whoever sent a command was told what became of it. */
export function answersTruthfully({ sent, projection, server }: AtRest): string | undefined {
  if (server.countUnanswered() > 0) return 'an update waits for its answer';
  for (const command of sent) {
    const problem = lieIn(command, projection.rows);
    if (problem) return `${command.name} (${command.id}): ${problem}`;
  }
  return undefined;
}

function lieIn(command: SentCommand, rows: Rows['rows']): string | undefined {
  const { name, payload, answer } = command;
  if (!answer) return 'no answer';
  // Its caller was told nothing, and has given up.
  if (answer.kind === 'lost') return undefined;
  const { order, history } = rows;
  const wasDone = isDone(command, rows);
  if (answer.kind === 'done') {
    if (name === 'cancelOrder' && order.status !== 'CANCELLED') return `told cancelled, and it is ${order.status}`;
    if (name === 'retryPayment' && !history.some(({ to }) => to === 'PENDING')) return 'told retried, which it was not';
    // Another command had brought the order there in an attempt at the task that was lost: it is what was asked for.
    if (name === 'changeStatus' && history.some(({ to }) => to === payload['status'])) return undefined;
    return wasDone === false ? `told done, which it never was: ${JSON.stringify(payload)}` : undefined;
  }
  // Done by an attempt at a task that was lost, after which another command came first: told where the order stands, which is there
  // already, or has been cancelled since.
  const stands = command.statusThen === payload['status'] || command.statusThen === 'CANCELLED';
  if (wasDone && name === 'changeStatus' && stands) return undefined;
  if (wasDone) return `told ${answer.kind}, and it was done`;
  if (name !== 'cancelOrder' || !('type' in answer)) return undefined;
  const couldBe = isCancellable(command.statusThen!) && !command.wasPartlyShippedThen;
  return couldBe ? `told ${answer.message}, and it was ${command.statusThen}` : undefined;
}

/** Whether the projection has what a command asked for; `undefined` for one that leaves no trace of its own. */
function isDone({ name, id }: SentCommand, { history, written, amendments, returns, refunds }: Rows['rows']) {
  if (name === 'changeStatus') {
    return history.some(({ key }) => key === `command:${id}`) || written.includes(`command:${id}`);
  }
  if (name === 'amendItems') return amendments.find(({ commandId }) => commandId === id)?.state === 'DONE';
  if (name === 'refundPayment') return refunds.find((one) => one.id === id)?.state === 'REFUNDED';
  if (name !== 'returnItems') return undefined;
  const state = returns.find((one) => one.id === id)?.state;
  return state === 'REFUNDED' || state === 'UNREFUNDED';
}
