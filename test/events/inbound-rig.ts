import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { InboundChannel } from '../../src/events/catalogue/inbound-events.ts';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import type { BrokerMessage } from '../../src/events/consume/keep-received.ts';
import type { InboundMessage } from '../../src/events/consume/inbound-message.ts';
import { receiveMessage, type Receipt } from '../../src/events/consume/receive-message.ts';
import { applyDueEvents } from '../../src/events/consume/run-inbox.ts';
import { archiveOrders } from '../../src/repositories/archive.ts';
import { findOrder } from '../../src/repositories/order-repository.ts';
import { findBooks } from '../../src/repositories/payment-transactions.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { startApiRig } from '../http/api-rig.ts';

type Move = Parameters<typeof transitionOrder>[1];

/** What belongs to every transaction of the orders of this rig. */
export const money = { currency: 'EUR', paymentMethod: 'tok_ok' } as const;

/** An event of another service about an order, with what differs from one that has a new id. */
export function messageAbout(
  orderId: string,
  type: string,
  data: object,
  more: Partial<InboundMessage> = {},
): InboundMessage {
  const channel = channels[type.split('.')[0] ?? ''] ?? 'payments';
  return { channel, source: 'test', id: uuidv7(), type, data: { order_id: orderId, ...data }, ...more };
}

/** A message of a broker; without an event it is no JSON. */
export function brokerMessage(event: Readonly<Record<string, unknown>> | undefined, place: string): BrokerMessage {
  return { channel: 'payments', event, fault: event ? undefined : 'The value is no JSON.', place, body: '{"half' };
}

const channels: Readonly<Record<string, InboundChannel>> = {
  payment: 'payments',
  inventory: 'inventory',
  shipment: 'shipping',
};

/** The API and the inbox over a real database, with scripted sagas: orders are placed, moved and told of by hand. */
export async function startInboundRig(settings: Record<string, string> = {}) {
  const rig = await startApiRig({ settings });
  const { db } = rig.database;
  const { database, gateways, commands, announcer, logger } = rig.parts;
  const consumer = { db: database.db, gateways, commands, announcer, logger, waitMs: 100, patienceMs: 60_000 };

  const place = async (): Promise<string> => {
    rig.commands.mode = 'silent';
    const { body } = await rig.place({}, { headers: { Prefer: 'respond-async' } });
    rig.commands.mode = 'up';
    return body.id;
  };
  const move = (orderId: string, to: Move['to'], more: Partial<Move> = {}) =>
    transitionOrder(database.db, { orderId, to, key: to, actor: 'system:saga', sagaState: 'COMPLETED', ...more });
  /** Confirms an order of 25.00 EUR, with its charge on record. */
  const pay = (id: string) => {
    const charge = { ...money, idempotencyKey: `${id}:charge:1`, paymentId: 'p1', amountMinor: 2_500 } as const;
    return move(id, 'CONFIRMED', {
      paymentStatus: 'CAPTURED',
      paymentId: 'p1',
      transactions: [{ ...charge, kind: 'CHARGE', status: 'CAPTURED' }],
    });
  };
  const order = async (id: string) => (await findOrder(db, id))!;

  return {
    ...rig,
    consumer,
    place,
    move,
    pay,
    placePaid: async () => {
      const id = await place();
      await pay(id);
      return id;
    },
    /** Closes an order long ago, and has it archived. */
    archive: async (id: string, status: OrderStatus) => {
      await sql`
        update orders set status = ${status}, saga_state = 'COMPLETED', updated_at = now() - interval '1 year'
        where id = ${id}`.execute(db);
      await sql`update outbox set position = id, sequenced_at = now() where subject_id = ${id}`.execute(db);
      await archiveOrders(db, 0, 100);
    },
    receive: (message: InboundMessage): Promise<Receipt> => receiveMessage(consumer, message),
    order,
    /** Where an order's status and money stand. */
    standing: async (id: string) => {
      const { status, paymentStatus, refundedMinor } = await order(id);
      return { status, paymentStatus, refundedMinor };
    },
    /** The amounts of an order's refunds. */
    refunds: async (id: string) =>
      (await findBooks(db, id)).filter(({ kind }) => kind === 'REFUND').map(({ amountMinor }) => amountMinor),
    inbox: (id: string | null) =>
      db
        .selectFrom('inbox')
        .selectAll()
        .where('subject_id', id === null ? 'is' : '=', id)
        // Those of one batch came at the same moment.
        .orderBy('received_at')
        .orderBy('id')
        .execute(),
    applyDue: () => applyDueEvents(consumer),
    /** Applies whatever is open, as if the time for it had come. */
    applyAll: async () => {
      await sql`update inbox set next_attempt_at = now() where state in ('RECEIVED', 'WAITING')`.execute(db);
      await applyDueEvents(consumer);
    },
  };
}
