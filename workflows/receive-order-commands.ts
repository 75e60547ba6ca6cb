import { setHandler, uuid4 } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import {
  PAYMENT_DISPUTED,
  PAYMENT_SETTLED,
  type CommandResult,
  type OrderCommand,
  type PaymentSettled,
} from '../src/domain/messages.ts';
import { parseCommand, parsePaymentDisputed, parsePaymentSettled } from '../src/domain/parse-command.ts';
import { isApiMessage } from '../src/domain/read-message.ts';
import { auditAccepted, auditRefused } from './audit-command.ts';
import { createRejection } from './create-rejection.ts';
import { orderMessages, paymentDisputedSignal, paymentSettledSignal } from './order-messages.ts';
import type { OrderRun } from './order-run.ts';
import { receiveCancellation, onlyOne, receiveCommands, type CommandReceiver } from './receive-commands.ts';
import { findRejection } from './check-command.ts';

/**
 * Takes every message of an order from here on; must run before anything is awaited, so that no early one is missed.
 * Returns whether the workflow has been cancelled, which cancels the order.
 */
export function receiveOrderCommands(order: OrderRun): () => boolean {
  const receiver: CommandReceiver<OrderCommand, CommandResult> = {
    commands: order.commands,
    messages: orderMessages,
    otherSignals: [PAYMENT_SETTLED, PAYMENT_DISPUTED],
    parse: parseCommand,
    check: (command, { isFromApi }) =>
      order.commands.isUnanswered('changeStatus') || (isFromApi && mayBeAllowed(order, command))
        ? undefined
        : findRejection(order.state, command),
    onAccepted: ({ name }) => {
      if (name === 'cancelOrder') order.interruptible.interrupt();
    },
    remark: (remark) => {
      order.change({ kind: 'remarked', remark });
    },
    orderId: order.id,
  };
  receiveCommands(receiver);
  receiveSettlements(order);
  receiveDisputes(order);
  return receiveCancellation(receiver, 'cancelOrder');
}

/**
 * Whether the API, which has checked a command by the projection, may know a status that this workflow has yet to hear of: what comes
 * then is checked in its turn. A decision on a step that is not parked yet is never kept for when it is.
 */
function mayBeAllowed(order: OrderRun, { name }: OrderCommand): boolean {
  return order.isRecording && name !== 'resolveStep';
}

/**
 * Takes the notice that a charge is settled. How it is settled is not taken from the message: the charge is restarted at once, and
 * finds out. A notice of any charge but the open one changes nothing.
 */
function receiveSettlements(order: OrderRun): void {
  const seen = new Set<string>();
  const about = { orderId: order.id, operation: PAYMENT_SETTLED };
  const handler = async (...args: unknown[]) => {
    const settled = parsePaymentSettled(onlyOne(args), uuid4());
    if (typeof settled === 'string') {
      order.change({ kind: 'remarked', remark: `${PAYMENT_SETTLED} was refused: ${settled}` });
      await auditRefused(about, args, createRejection(failureTypes.invalidCommand, settled));
    } else if (!seen.has(settled.command_id)) {
      seen.add(settled.command_id);
      restartCharge(order, settled);
      if (!isApiMessage(args[0])) await auditAccepted(about, settled);
    }
  };
  const description =
    'Says that the payment service has settled a charge, which is then looked up at once. ' +
    '{"idempotency_key", "reason", "actor", "command_id"}';
  setHandler(paymentSettledSignal, handler, { description });
}

/** Takes the notice that a dispute was opened or decided: until then the order needs attention. The newest notice counts. */
function receiveDisputes(order: OrderRun): void {
  let latest = 0;
  const about = { orderId: order.id, operation: PAYMENT_DISPUTED };
  const handler = async (...args: unknown[]) => {
    const disputed = parsePaymentDisputed(onlyOne(args), uuid4());
    if (typeof disputed === 'string') {
      order.change({ kind: 'remarked', remark: `${PAYMENT_DISPUTED} was refused: ${disputed}` });
      await auditRefused(about, args, createRejection(failureTypes.invalidCommand, disputed));
      return;
    }
    const { problem, version } = disputed;
    if (version < latest) return;
    latest = version;
    if (order.state.dispute !== (problem ?? undefined))
      order.change({ kind: 'disputed', problem: problem ?? undefined });
    if (!isApiMessage(args[0])) await auditAccepted(about, disputed);
  };
  const description =
    'Says what is to be done about a dispute of the payment, or with no "problem" that none is open any more. ' +
    '{"problem", "reason", "actor", "command_id"}';
  setHandler(paymentDisputedSignal, handler, { description });
}

function restartCharge(order: OrderRun, { idempotency_key: key, actor, reason, command_id }: PaymentSettled): void {
  const charge = order.openCharge.current;
  if (charge?.idempotencyKey !== key) {
    const remark = `${PAYMENT_SETTLED} for \`${key}\` changed nothing: that charge is not open.`;
    order.change({ kind: 'remarked', remark });
  } else if (order.state.parked.has(charge.step)) {
    // What an operator would decide on hearing of it.
    order.commands.add({
      name: 'resolveStep',
      input: { step: charge.step, action: 'retry', actor, reason, command_id },
    });
  } else {
    charge.restartable.restart();
  }
}
