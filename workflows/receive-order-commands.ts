import { setHandler, uuid4 } from '@temporalio/workflow';
import type { SignalDefinition } from '@temporalio/common';
import { failureTypes } from '../src/domain/failures.ts';
import {
  PAYMENT_DISPUTED,
  PAYMENT_SETTLED,
  RESERVATION_SETTLED,
  type Command,
  type CommandResult,
  type OrderCommand,
} from '../src/domain/messages.ts';
import {
  parseCommand,
  parsePaymentDisputed,
  parsePaymentSettled,
  parseReservationSettled,
} from '../src/domain/parse-command.ts';
import { isApiMessage } from '../src/domain/read-message.ts';
import { auditAccepted, auditRefused } from './audit-command.ts';
import { createRejection } from './create-rejection.ts';
import {
  orderMessages,
  paymentDisputedSignal,
  paymentSettledSignal,
  reservationSettledSignal,
} from './order-messages.ts';
import type { OrderRun } from './order-run.ts';
import {
  receiveCancellation,
  onlyOne,
  receiveCommands,
  type CommandReceiver,
  type WorkflowCancellation,
} from './receive-commands.ts';
import { findRejection } from './check-command.ts';

/**
 * Takes every message of an order from here on; must run before anything is awaited, so that no early one is missed.
 * Returns what becomes of a cancellation of the workflow, which cancels the order.
 */
export function receiveOrderCommands(order: OrderRun): WorkflowCancellation {
  const receiver: CommandReceiver<OrderCommand, CommandResult> = {
    commands: order.commands,
    messages: orderMessages,
    otherSignals: [PAYMENT_SETTLED, RESERVATION_SETTLED, PAYMENT_DISPUTED],
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
  // Commands come last: they take signals of any name as well, which would be given those that came before the first task.
  receiveSettlements(order);
  receiveDisputes(order);
  receiveCommands(receiver);
  return receiveCancellation(receiver, 'cancelOrder');
}

/**
 * Whether the API, which has checked a command by the projection, may know a status that this workflow has yet to hear of: what comes
 * then is checked in its turn. While the workflow works, the status may be recorded and its reply under way, or lost with the workflow
 * task that had it. A decision on a step that is not parked yet is never kept for when it is.
 */
function mayBeAllowed({ commands, state }: OrderRun, { name }: OrderCommand): boolean {
  const isAtWork = !commands.isAtRest && state.parked.size === 0;
  return isAtWork && name !== 'resolveStep' && name !== 'reviewOrder';
}

/**
 * Takes the notices of services that a request is settled. How it is settled is not taken from the message: its answer is asked for at
 * once. A notice of any request but the open one changes nothing, unless that request opens later.
 */
function receiveSettlements(order: OrderRun): void {
  receiveSettlement(order, {
    name: PAYMENT_SETTLED,
    signal: paymentSettledSignal,
    parse: parsePaymentSettled,
    keyOf: ({ idempotency_key }) => idempotency_key,
    description:
      'Says that the payment service has settled a charge, which is then looked up at once. ' +
      '{"idempotency_key", "reason", "actor", "command_id"}',
  });
  receiveSettlement(order, {
    name: RESERVATION_SETTLED,
    signal: reservationSettledSignal,
    parse: parseReservationSettled,
    keyOf: () => order.id,
    description:
      'Says that the inventory has decided on the reservation, which is then looked up at once. {"reason", "actor", "command_id"}',
  });
}

/** A notice that a request of the order is settled. */
interface Settlement<Notice extends Command> {
  readonly name: string;
  readonly signal: SignalDefinition<[unknown]>;
  readonly parse: (input: unknown, commandId: string) => Notice | string;
  readonly keyOf: (notice: Notice) => string;
  readonly description: string;
}

function receiveSettlement<Notice extends Command>(
  order: OrderRun,
  { name, signal, parse, keyOf, description }: Settlement<Notice>,
): void {
  const seen = new Set<string>();
  const about = { orderId: order.id, operation: name };
  const handler = async (...args: unknown[]) => {
    const notice = parse(onlyOne(args), uuid4());
    if (typeof notice === 'string') {
      order.change({ kind: 'remarked', remark: `${name} was refused: ${notice}` });
      await auditRefused(about, args, createRejection(failureTypes.invalidCommand, notice));
    } else if (!seen.has(notice.command_id)) {
      seen.add(notice.command_id);
      const isFromApi = isApiMessage(args[0]);
      const isOpen = askForAnswer(order, keyOf(notice), notice);
      if (!isOpen && !isFromApi) {
        order.change({
          kind: 'remarked',
          remark: `${name} for \`${keyOf(notice)}\` changed nothing: that is not open.`,
        });
      }
      if (!isFromApi) await auditAccepted(about, notice);
    }
  };
  setHandler(signal, handler, { description });
}

/** Asks for the answer to a request at once; returns whether the request is open. */
function askForAnswer(order: OrderRun, key: string, { actor, reason, command_id }: Command): boolean {
  const request = order.openRequest.settle(key);
  if (!request) return false;
  const { step, answer } = request;
  if (order.state.parked.has(step)) {
    // What an operator would decide on hearing of it.
    order.commands.add({ name: 'resolveStep', input: { step, action: 'retry', actor, reason, command_id } });
  } else {
    answer.askNow();
  }
  return true;
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
