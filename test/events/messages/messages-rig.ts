import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { notificationTypes } from '../../../src/domain/order-notification.ts';
import type { MessageSettings } from '../../../src/domain/message-settings.ts';
import { configuredSinks } from '../../../src/events/configured-sinks.ts';
import { startMessageRunner } from '../../../src/events/messages/message-runner.ts';
import { publishOutbox } from '../../../src/events/publish-outbox.ts';
import { acceptOrder } from '../../../src/repositories/accept-order.ts';
import { openDatabase } from '../../../src/repositories/database.ts';
import { findMessages } from '../../../src/repositories/order-messages.ts';
import type { NewOrder } from '../../../src/domain/order.ts';
import { startTestSandbox } from '../../dev/sandbox/sandbox.ts';
import { gatewaysTo } from '../../gateways/calls.ts';
import { someOrder, transitionTo } from '../../repositories/orders.ts';
import { transitionOrder } from '../../../src/repositories/transition-order.ts';
import { captureLog } from '../../setup/captured-log.ts';

export type MessagesRig = Awaited<ReturnType<typeof startMessagesRig>>;

/** Every message is sent, and given up after a day. */
const everything: MessageSettings = { types: notificationTypes, giveUpAfterMs: 86_400_000, orderUrl: undefined };

/** A database with the sink of messages, and the sandbox that they are sent to; whoever uses it starts runners. */
export async function startMessagesRig() {
  const sandbox = await startTestSandbox();
  const database = openDatabase(sandbox.runningUrl, { max: 8, name: 'test', onError: () => {} });
  const { db } = database;
  const { logger } = captureLog();
  const publish = async () => {
    const rules = { maxAttempts: 3, onDeadLetter: 'hold' } as const;
    await publishOutbox({ db, sinks: configuredSinks(db, () => {}, { messages: everything }), rules, logger });
  };
  await publish();
  return {
    sandbox,
    db,
    publish,
    /** A runner that looks at once, and stops with the test. */
    run: (settings: Partial<MessageSettings> = {}) => {
      const gateways = gatewaysTo(sandbox.url);
      const runner = startMessageRunner({ db, gateways, settings: { ...everything, ...settings }, logger });
      onTestFinished(() => runner.stop());
      return runner;
    },
    /** Accepts an order whose customer has an e-mail address, and moves it through these statuses. */
    order: async (more: Partial<NewOrder>, ...statuses: Parameters<typeof transitionTo>[1][]) => {
      const order = someOrder({ customerEmail: 'alice@example.com', ...more });
      await acceptOrder(db, order, null);
      for (const to of statuses) await transitionOrder(db, transitionTo(order.id, to));
      await publish();
      return order;
    },
    messages: (orderId: string) => findMessages(db, orderId),
    sent: async (orderId: string) => (await sandbox.call('GET', `/notifications?order_id=${orderId}`)).body.data,
    fault: (mode: string, more: object = {}) =>
      sandbox.call('POST', '/faults', { service: 'notification', operation: 'send', mode, ...more }),
    noFaults: () => sandbox.call('DELETE', '/faults'),
    /** Ends every pause and lease. */
    endPauses: () => sql`update order_messages set next_attempt_at = now() where state = 'PENDING'`.execute(db),
    stop: async () => {
      await database.close();
      await sandbox.stop();
    },
  };
}
