import type { OrderFailure } from '../../src/domain/order.ts';
import type { Command, CommandName, Commands, PaymentDisputed, PaymentSettled } from '../../src/domain/messages.ts';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import type { OrderAnnouncer } from '../../src/events/order-announcer.ts';
import type { OrderTransition, PaymentTransactionRecord } from '../../src/domain/order-transition.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import type { Db } from '../../src/repositories/schema.ts';
import {
  TemporalUnavailableError,
  type CommandReply,
  type OrderCommands,
  type StartableOrder,
} from '../../src/temporal/order-commands.ts';

/** What happens to orders where no engine runs. */
export interface ScriptedCommands extends OrderCommands {
  readonly started: StartableOrder[];
  readonly sent: { orderId: string; name: CommandName; command: Commands[CommandName] }[];
  readonly settled: { orderId: string; settled: PaymentSettled }[];
  readonly disputed: { orderId: string; disputed: PaymentDisputed }[];
  readonly reserved: { orderId: string; notice: Command }[];
  /** `down` rejects everything, `silent` takes everything and does nothing. */
  mode: 'up' | 'down' | 'silent';
}

/** Moves orders as a saga would, at once: `tok_declined` is declined, the sku `GONE` is out of stock, all else is confirmed. */
export function scriptedCommands(db: Db, announcer: OrderAnnouncer): ScriptedCommands {
  const move = async (orderId: string, to: OrderStatus, more: Partial<OrderTransition> = {}) => {
    const key = `${to}:${more.key ?? ''}`;
    await transitionOrder(db, { orderId, to, actor: 'system:saga', sagaState: 'COMPLETED', ...more, key });
    announcer.announce(orderId);
  };
  const pay = (orderId: string, method: string, key: string) =>
    method === 'tok_declined'
      ? move(orderId, 'PAYMENT_FAILED', {
          key,
          paymentStatus: 'FAILED',
          failure: declined,
          paymentRetryUntil: until,
          transactions: [declinedCharge(`${orderId}:charge:${key}`, method)],
        })
      : move(orderId, 'CONFIRMED', { key, paymentStatus: 'CAPTURED', paymentMethod: method });
  const script: ScriptedCommands = {
    started: [],
    sent: [],
    settled: [],
    disputed: [],
    reserved: [],
    mode: 'up',
    start: async (order) => {
      if (script.mode === 'down') throw new TemporalUnavailableError('the engine is away');
      script.started.push(order);
      if (script.mode === 'silent') return true;
      const gone = order.items.filter(({ sku }) => sku === 'GONE');
      if (gone.length > 0)
        await move(order.id, 'CANCELLED', { failure: outOfStock(gone), cancellationReason: 'stock' });
      else await pay(order.id, order.paymentMethod, 'first');
      return true;
    },
    takeOn: () => Promise.resolve(),
    tellSettled: (orderId, settled) => {
      if (script.mode === 'down') return Promise.reject(new TemporalUnavailableError('the engine is away'));
      script.settled.push({ orderId, settled });
      return Promise.resolve(true);
    },
    tellDisputed: (orderId, disputed) => {
      if (script.mode === 'down') return Promise.reject(new TemporalUnavailableError('the engine is away'));
      script.disputed.push({ orderId, disputed });
      return Promise.resolve(true);
    },
    tellReserved: (orderId, notice) => {
      if (script.mode === 'down') return Promise.reject(new TemporalUnavailableError('the engine is away'));
      script.reserved.push({ orderId, notice });
      return Promise.resolve(true);
    },
    send: async (orderId, name, command): Promise<CommandReply> => {
      if (script.mode === 'down') throw new TemporalUnavailableError('the engine is away');
      script.sent.push({ orderId, name, command });
      if (script.mode === 'silent') return { outcome: 'accepted' };
      const { actor, reason } = command;
      if (name === 'cancelOrder') {
        await move(orderId, 'CANCELLED', { actor, reason, cancellationReason: reason });
        return { outcome: 'done', status: 'CANCELLED' };
      }
      if ('status' in command) {
        const tracking = { carrier: command.carrier ?? null, number: command.tracking_number ?? null };
        const key = `command:${command.command_id}`;
        const changed = { orderId, to: command.status, key, actor, reason, tracking };
        await transitionOrder(db, { ...changed, sagaState: 'COMPLETED' });
        announcer.announce(orderId);
        return { outcome: 'done', status: command.status };
      }
      const isPayment = 'payment_method' in command || 'payment_methods' in command;
      if (!isPayment) return { outcome: 'done', status: 'PENDING' };
      const method = command.payment_methods?.at(-1)?.method ?? command.payment_method ?? '';
      await move(orderId, 'PENDING', { key: command.command_id, actor, reason });
      await pay(orderId, method, command.command_id);
      return { outcome: 'done', status: method === 'tok_declined' ? 'PAYMENT_FAILED' : 'CONFIRMED' };
    },
  };
  return script;
}

const until = '2030-01-01T00:00:00.000Z';

const declined: OrderFailure = {
  code: 'ORD003',
  message: 'The payment was declined',
  details: [{ decline_code: 'card_declined' }],
};

function declinedCharge(idempotencyKey: string, paymentMethod: string): PaymentTransactionRecord {
  const charge = { idempotencyKey, paymentMethod, amountMinor: 2_500, currency: 'EUR', declineCode: 'card_declined' };
  return { ...charge, kind: 'CHARGE', status: 'DECLINED' };
}

function outOfStock(gone: readonly { sku: string; quantity: number }[]): OrderFailure {
  const details = gone.map(({ sku, quantity }) => ({ sku, requested: quantity, available: 0 }));
  return { code: 'ORD002', message: 'Not enough in stock.', details };
}
