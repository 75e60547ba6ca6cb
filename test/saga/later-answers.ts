import { uuidv7 } from 'uuidv7';
import { expect } from 'vitest';
import { formatMoney } from '../../src/domain/money.ts';
import { settlePayment } from '../../src/orders/settle-payment.ts';
import { settleReservation } from '../../src/orders/settle-reservation.ts';
import { eventually } from '../setup/eventually.ts';
import { addFault, cancel, cutOff, PATIENCE, start, type Case, type Disturbance } from './matrix.ts';

/** How soon a rig's orders look up what is awaited. */
export const ANSWER_LOOKUP = { SERVICE_ANSWER_LOOKUP: '700ms' };

/** Everything that a service may do which accepts a reservation or charge and answers later. */
export const laterAnswers: Readonly<Record<string, Disturbance>> = {
  'is answered later, and a message races the answer and another one contradicts it': async (order) => {
    await addFault(order, order.action, { mode: 'answer_later', times: 1, delay_ms: 0 });
    await start(order);
    await tell(order, true);
    await tell(order, false);
    return 'CONFIRMED';
  },

  'is answered later, and nobody tells': async (order) => {
    await addFault(order, order.action, { mode: 'answer_later', times: 1, delay_ms: 700 });
    await start(order);
    return 'CONFIRMED';
  },

  'is refused later': async (order) => {
    await addFault(order, order.action, { mode: 'refuse_later', times: 1, delay_ms: 300 });
    await start(order);
    if (order.action === 'reserveInventory') return 'CANCELLED';
    await eventually(async () => expect((await order.rig.order(order.id)).status).toBe('PAYMENT_FAILED'), PATIENCE);
    await order.rig.command(order.id, 'retryPayment', paymentAgain(order));
    return 'CONFIRMED';
  },

  'is answered after the order was cancelled, and told of then': async (order) => {
    await reachWaiting(order, { mode: 'answer_later', delay_ms: 20_000 });
    const reply = await cancel(order);
    if (reply) expect(reply.status).toBe('CANCELLED');
    await tell(order, true);
    return 'CANCELLED';
  },

  'is never answered, and its workflow is terminated': async (order) => {
    await reachWaiting(order, { mode: 'answer_never' });
    return cutOff(order);
  },
};

/** Another payment with as many methods. */
function paymentAgain({ parts }: Case) {
  if (!parts) return { payment_method: 'tok_ok' };
  const methods = parts.map(({ paymentMethod: method, amountMinor }) => ({
    method,
    amount: formatMoney(amountMinor, 'EUR'),
  }));
  return { payment_methods: methods };
}

/** Brings the order to where it waits for the answer, and its workflow knows that it does. */
export async function reachWaiting(order: Case, fault: { mode: string; delay_ms?: number }): Promise<void> {
  await addFault(order, order.action, { times: 1, ...fault });
  await start(order);
  await eventually(async () => {
    const row = (await order.rig.ledgerRows(order.id)).find(({ step }) => step === order.action);
    const { searchAttributes } = await order.rig.handle(order.id).describe();
    return row?.last_error?.includes('awaited since') === true && searchAttributes['SagaStep']?.[0] === order.action;
  }, PATIENCE);
}

/** What the service says by itself, again until it is taken. */
async function tell(order: Case, isDone: boolean): Promise<void> {
  await eventually(async () => {
    await tellOnce(order, isDone);
  }, PATIENCE);
}

async function tellOnce({ rig, action, id, parts }: Case, isDone: boolean): Promise<void> {
  const tools = { ...rig.dependencies, commands: rig.commands };
  if (action === 'reserveInventory') {
    await settleReservation(tools, { orderId: id, outcome: isDone ? 'reserved' : 'failed' }, uuidv7());
    return;
  }
  const charge = {
    orderId: id,
    // The part that is charged first meets the fault.
    idempotencyKey: parts ? `${id}:charge:1:1` : `${id}:charge:1`,
    paymentId: 'told',
    amountMinor: parts?.[0]?.amountMinor ?? 2_500,
    currency: 'EUR',
  };
  const outcome = isDone ? 'captured' : 'declined';
  await settlePayment(tools, { ...charge, id: uuidv7(), outcome, declineCode: isDone ? null : 'CARD_DECLINED' });
}
