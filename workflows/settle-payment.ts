import { defineSignal, setHandler, uuid4 } from '@temporalio/workflow';
import { PAYMENT_SETTLED, type PaymentSettled } from '../src/domain/messages.ts';
import { parsePaymentSettled } from '../src/domain/parse-command.ts';
import { UNNAMED_ACTOR } from './commands.ts';
import type { Order } from './order.ts';

const paymentSettledSignal = defineSignal<[PaymentSettled]>(PAYMENT_SETTLED);

const description =
  'Says that the payment service has spoken of a charge, which is then looked at again at once. ' +
  '{"idempotency_key", "reason", "actor", "command_id"}';

/**
 * Takes word that a charge is settled. How it is settled is not taken from the message: the charge runs again at once, and finds
 * out. Word of any charge but the open one changes nothing. Must run before anything is awaited, so that no early one is missed.
 */
export function takeSettlements(order: Order): void {
  const seen = new Set<string>();
  setHandler(
    paymentSettledSignal,
    (input: unknown) => {
      const settled = parsePaymentSettled(input, { actor: UNNAMED_ACTOR, commandId: uuid4() });
      if (typeof settled === 'string') {
        order.remark(`${PAYMENT_SETTLED} was refused: ${settled}`);
      } else if (!seen.has(settled.command_id)) {
        seen.add(settled.command_id);
        settle(order, settled);
      }
    },
    { description },
  );
}

function settle(order: Order, { idempotency_key: key, actor, reason, command_id }: PaymentSettled): void {
  const { charge } = order;
  if (charge?.idempotencyKey !== key) {
    order.remark(`${PAYMENT_SETTLED} for \`${key}\` changed nothing: that charge is not open.`);
  } else if (order.parked.has(charge.step)) {
    // What an operator would decide on hearing of it.
    order.inbox.add('resolveStep', { step: charge.step, action: 'retry', actor, reason, command_id });
  } else {
    charge.restart.now();
  }
}
