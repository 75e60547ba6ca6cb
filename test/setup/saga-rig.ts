import { Worker } from '@temporalio/worker';
import { uuidv7 } from 'uuidv7';
import { expect, inject } from 'vitest';
import type { ActivityDependencies } from '../../activities/index.ts';
import { readConfig } from '../../src/config.ts';
import type { CommandName, Commands } from '../../src/domain/messages.ts';
import { orderWorkflowId, type NewOrder } from '../../src/domain/order.ts';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import { createGateways } from '../../src/gateways/index.ts';
import { createImportPlacer } from '../../src/imports/place-import-order.ts';
import { createLogger } from '../../src/logger.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { findHistory, findPaymentTransactions, findSagaSteps } from '../../src/repositories/order-details.ts';
import { createAnnouncer } from '../../src/events/order-announcer.ts';
import { publishNow } from '../../src/events/outbox-publisher.ts';
import { findOrder } from '../../src/repositories/order-repository.ts';
import type { EngineLink } from '../../src/temporal/connection.ts';
import { createImportCommands } from '../../src/temporal/import-client.ts';
import { createOrderCommands } from '../../src/temporal/order-client.ts';
import { EngineUnavailableError, type CommandReply } from '../../src/temporal/order-commands.ts';
import { reconcile } from '../../src/temporal/reconciler/reconcile.ts';
import { createSagaPace } from '../../src/temporal/saga-pace.ts';
import { createOrderWorker, installRuntime } from '../../src/temporal/worker.ts';
import { startTestSandbox } from '../dev/sandbox/sandbox.ts';
import { eventually } from './eventually.ts';
import { createTestNamespace, type TestNamespace } from './temporal.ts';

/** A fault for the sandbox, see its `POST /faults`. */
export interface Fault {
  service: 'inventory' | 'payment' | 'notification';
  operation: string;
  mode: string;
  times?: number;
  match?: { order_id: string };
  delay_ms?: number;
}

export type SagaRig = Awaited<ReturnType<typeof startSagaRig>>;

/** Everything an order passes through, for real: a Temporal namespace, a database, the sandbox over HTTP, and a worker. */
export async function startSagaRig(
  settings: Record<string, string> = {},
  makeEngine: () => Promise<TestNamespace> = createTestNamespace,
) {
  installRuntime(createLogger({ level: 'silent', format: 'json' }, 'test'));
  const { PAYMENT_WEBHOOK_URL: url, PAYMENT_WEBHOOK_SECRET: secret } = settings;
  const sandbox = await startTestSandbox(url && secret ? { url, secret } : undefined);
  const engine = await makeEngine();
  const config = readConfig({
    ROLE: 'all',
    WORKFLOW_BUNDLE: inject('workflowBundle'),
    LOG_LEVEL: 'silent',
    DATABASE_URL: sandbox.databaseUrl,
    TEMPORAL_TASK_QUEUE: engine.taskQueue,
    INVENTORY_URL: sandbox.url,
    PAYMENT_URL: sandbox.url,
    CUSTOMER_URL: sandbox.url,
    NOTIFICATION_URL: sandbox.url,
    ...settings,
  });
  const logger = createLogger(config.log, 'test');
  const database = openDatabase(sandbox.databaseUrl, { max: 8, name: 'test', onError: () => {} });
  const { db } = database;
  const dependencies: ActivityDependencies = {
    db,
    logger,
    gateways: createGateways(config.gateways),
    announcer: createAnnouncer(database.pool, logger),
  };
  const link: EngineLink = { current: () => engine, ready: Promise.resolve(engine), close: () => Promise.resolve() };
  const pace = createSagaPace();
  const commands = createOrderCommands(link, db, config, pace);
  const { gateways } = dependencies;
  const placeImportOrder = createImportPlacer({ db: database.db, gateways, commands, rules: config.order });
  const publishOutbox = () => publishNow(config, database, logger);
  let stopWorker = await runWorker();
  const placed: string[] = [];

  async function runWorker() {
    const worker = await createOrderWorker(engine, config, dependencies, {
      placeImportOrder,
      pace,
      publishOutbox,
    });
    const run = worker.run();
    return async () => {
      worker.shutdown();
      await run;
    };
  }

  async function accept(order: Partial<NewOrder> = {}) {
    const given = newOrder(order);
    const accepted = await acceptOrder(db, given, null);
    placed.push(given.id);
    return { ...accepted!, items: given.items };
  }

  return {
    config,
    database,
    db,
    engine,
    sandbox,
    commands,
    importCommands: createImportCommands(link, config),
    dependencies,
    /** A pass of the reconciler. */
    reconcile: (options: { everything: boolean }) =>
      reconcile({ db, engine, config, logger, pace: createSagaPace(), publishOutbox }, options),
    accept,
    /** Accepts an order and starts its workflow; answers its id. */
    place: async (order: Partial<NewOrder> = {}) => {
      const accepted = await accept(order);
      // A server that is cold may take longer than the API would wait.
      await eventually(() => commands.start(accepted));
      return accepted.id;
    },
    product: (sku: string, stock: number) =>
      sandbox.call('PUT', `/products/${sku}`, { name: sku, price: '12.50', currency: 'EUR', stock }),
    fault: (fault: Fault) => sandbox.call('POST', '/faults', fault),
    removeFault: (id: string) => sandbox.call('DELETE', `/faults/${id}`),
    noFaults: () => sandbox.call('DELETE', '/faults'),
    stock: async (sku: string) => {
      const { body } = await sandbox.call('GET', `/products/${sku}`);
      return { stock: body.stock, reserved: body.reserved };
    },
    money: async (orderId: string) => {
      const { body } = await sandbox.call('GET', `/payments/order/${orderId}`);
      return body.data.map((payment: { status: string }) => payment.status).toSorted() as string[];
    },
    order: (orderId: string) => findOrder(db, orderId).then((order) => order!),
    history: async (orderId: string) => (await findHistory(db, orderId)).map(({ to_status }) => to_status),
    historyRows: (orderId: string) => findHistory(db, orderId),
    ledger: async (orderId: string) =>
      Object.fromEntries((await findSagaSteps(db, orderId)).map(({ step, state }) => [step, state])),
    ledgerRows: (orderId: string) => findSagaSteps(db, orderId),
    transactions: (orderId: string) => findPaymentTransactions(db, orderId),
    handle: (orderId: string) => engine.client.workflow.getHandle(orderWorkflowId(orderId)),
    command: <Name extends CommandName>(
      orderId: string,
      name: Name,
      more: Omit<Commands[Name], 'actor' | 'reason' | 'command_id'>,
    ) => {
      const command = { actor: 'support:sam', reason: 'because', command_id: uuidv7(), ...more };
      return persistently(() => commands.send(orderId, name, command as unknown as Commands[Name], COMMAND_WAIT_MS));
    },
    /** Waits until the projection has the order in `status`. */
    reaches: (orderId: string, status: OrderStatus) =>
      eventually(async () => {
        const order = await findOrder(db, orderId);
        expect(order?.status).toBe(status);
        return order ?? false;
      }),
    /** Replays one run of an order's workflow, the latest unless `runId` says; fails when today's code would not do the same. */
    replay: (orderId: string, runId?: string) => replay(engine, orderId, runId),
    stopWorker: async () => {
      await stopWorker();
      stopWorker = () => Promise.resolve();
    },
    startWorker: async () => {
      stopWorker = await runWorker();
    },
    /** Replays the history of every order that was placed, then ends everything. */
    stop: async () => {
      await stopWorker();
      try {
        for (const orderId of placed) await replay(engine, orderId);
      } finally {
        await database.close();
        await sandbox.stop();
        await engine.close();
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
        if (error instanceof EngineUnavailableError) throw error;
        return { reply: undefined, refusal: error };
      },
    ),
  );
  if (reply) return reply;
  throw refusal;
}

/** Fails when the workflow code of today would not do what this order's workflow did. */
async function replay(engine: TestNamespace, orderId: string, runId?: string): Promise<void> {
  const workflowId = orderWorkflowId(orderId);
  const history = await engine.client.workflow
    .getHandle(workflowId, runId)
    .fetchHistory()
    .catch(() => undefined);
  if (!history) return;
  await Worker.runReplayHistory(
    { workflowBundle: { codePath: inject('workflowBundle') }, replayName: orderId },
    history,
    workflowId,
  );
}

/** An order over two teapots, EUR 25.00. */
function newOrder(order: Partial<NewOrder>): NewOrder {
  const quantity = order.items?.[0]?.quantity ?? 2;
  const totalMinor = 1_250 * quantity;
  return {
    id: uuidv7(),
    customerId: 'alice',
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
    placedBy: 'customer:alice',
    subtotalMinor: totalMinor,
    discountMinor: 0,
    taxMinor: 0,
    shippingMinor: 0,
    totalMinor,
    ...order,
  };
}
