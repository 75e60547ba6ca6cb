import { uuidv7 } from 'uuidv7';
import { expect } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { CommandName, Commands } from '../../src/domain/messages.ts';
import { orderWorkflowId, type NewOrder } from '../../src/domain/order.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { TemporalUnavailableError, type CommandReply } from '../../src/temporal/order-commands.ts';
import { eventually } from './eventually.ts';
import type { Logger } from '../../src/logger.ts';
import type { TemporalConnection } from '../../src/temporal/connection.ts';
import { replayOrders } from './replay-orders.ts';
import { startSagaParts } from './saga-parts.ts';
import { projectionOf, servicesOf } from './saga-views.ts';
import { createTestNamespace, type TestNamespace } from './temporal.ts';

export type SagaRig = Awaited<ReturnType<typeof startSagaRig>>;

/** Everything an order passes through, for real: a Temporal namespace, a database, the sandbox over HTTP, and a worker. */
export async function startSagaRig(
  settings: Record<string, string> = {},
  makeEngine: () => Promise<TestNamespace> = createTestNamespace,
  logger?: Logger,
) {
  const { runWorker, ...parts } = await startSagaParts(settings, makeEngine, logger);
  const { db, database, temporal, sandbox, commands } = parts;
  await sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status: 'ACTIVE' });
  let stopWorker = await runWorker();
  const placed: string[] = [];

  async function accept(order: Partial<NewOrder> = {}) {
    const given = newOrder(order);
    const accepted = await acceptOrder(db, given, null);
    placed.push(given.id);
    return { ...accepted!, items: given.items };
  }

  return {
    ...parts,
    ...servicesOf(sandbox),
    ...projectionOf(db),
    accept,
    /** Accepts an order and starts its workflow; answers its id. */
    place: async (order: Partial<NewOrder> = {}) => {
      const accepted = await accept(order);
      // A server that is cold may take longer than the API would wait, and sagas that wait for a service hold their slots for a while.
      await eventually(() => commands.start(accepted), { timeoutMs: 180_000 });
      return accepted.id;
    },
    handle: (orderId: string) => temporal.client.workflow.getHandle(orderWorkflowId(orderId)),
    /** Waits until nothing of an order's workflow is pending: it knows then what its activities wrote. Answers its description. */
    rests: (orderId: string) =>
      eventually(async () => {
        const description = await temporal.client.workflow.getHandle(orderWorkflowId(orderId)).describe();
        expect(description.raw.pendingWorkflowTask ?? null).toBeNull();
        expect(description.raw.pendingActivities ?? []).toEqual([]);
        return description;
      }),
    command: <Name extends CommandName>(
      orderId: string,
      name: Name,
      more: Omit<Commands[Name], 'actor' | 'reason' | 'command_id'>,
    ) => {
      const command = { actor: 'support:sam', reason: 'because', command_id: uuidv7(), ...more };
      return persistently(() => commands.send(orderId, name, command as unknown as Commands[Name], COMMAND_WAIT_MS));
    },
    /** Replays one run of an order's workflow, the latest unless `runId` says; fails when today's code would not do the same. */
    replay: (orderId: string, runId?: string) => replayOrders(temporal, [{ orderId, runId }]),
    /** Runs one more worker beside the rig's own, with other settings; answers how to stop it. */
    runOtherWorker: (own: Partial<Config['worker']>) => runWorker(temporal, own),
    stopWorker: async () => {
      await stopWorker();
      stopWorker = () => Promise.resolve();
    },
    startWorker: async (as?: TemporalConnection) => {
      stopWorker = await runWorker(as);
    },
    /** Replays the history of every order that was placed, then ends everything. */
    stop: async () => {
      await stopWorker();
      try {
        await replayOrders(
          temporal,
          placed.map((orderId) => ({ orderId })),
        );
      } finally {
        await database.close();
        await sandbox.stop();
        await temporal.close();
      }
    },
  };
}

/** Longer than any command takes on a machine that is busy. */
const COMMAND_WAIT_MS = 60_000;

/** Sends a command again under its id while the engine is not to be had, as clients do. */
async function persistently(send: () => Promise<CommandReply>): Promise<CommandReply> {
  const { reply, refusal } = await eventually(() =>
    send().then(
      (answer) => ({ reply: answer, refusal: undefined }),
      (error: unknown) => {
        if (error instanceof TemporalUnavailableError) throw error;
        return { reply: undefined, refusal: error };
      },
    ),
  );
  if (reply) return reply;
  throw refusal;
}

/** An order over two teapots, EUR 25.00. */
function newOrder(order: Partial<NewOrder>): NewOrder {
  const quantity = order.items?.[0]?.quantity ?? 2;
  const totalMinor = 1_250 * quantity;
  return {
    id: uuidv7(),
    customerId: 'alice',
    customerName: null,
    customerEmail: null,
    customerPhone: null,
    reference: null,
    source: null,
    locale: null,
    currency: 'EUR',
    items: [{ id: uuidv7(), productId: 'p1', sku: 'TEAPOT', name: 'Teapot', unitPriceMinor: 1_250, quantity: 2 }],
    paymentMethod: 'tok_ok',
    shippingAddress: { name: 'A', line1: '1 Road', city: 'Town', postal_code: '1', country: 'GB' },
    billingAddress: null,
    shippingMethod: null,
    couponCode: null,
    couponTerms: null,
    taxRate: 0,
    notes: null,
    metadata: {},
    batchId: null,
    placedByService: null,
    placedBy: 'customer:alice',
    subtotalMinor: totalMinor,
    discountMinor: 0,
    taxMinor: 0,
    isTaxIncluded: false,
    shippingMinor: 0,
    feesMinor: 0,
    totalMinor,
    ...order,
  };
}
