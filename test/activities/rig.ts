import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type ActivityDependencies } from '../../activities/index.ts';
import { createLogger } from '../../src/logger.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { createAnnouncer } from '../../src/events/order-announcer.ts';
import { gatewaysTo } from '../gateways/calls.ts';
import { recordOf, someOrder } from '../repositories/orders.ts';
import { startTestSandbox } from '../dev/sandbox/sandbox.ts';

export type ActivityRig = Awaited<ReturnType<typeof startActivityRig>>;

/** The activities with all that they use: the sandbox over HTTP and a migrated database. */
export async function startActivityRig() {
  const sandbox = await startTestSandbox();
  const logger = createLogger({ level: 'silent', format: 'json' }, 'test');
  const database = openDatabase(sandbox.runningUrl, { max: 4, name: 'test', onError: () => {} });
  const dependencies: ActivityDependencies = {
    db: database.db,
    logger,
    gateways: gatewaysTo(sandbox.url),
    announcer: createAnnouncer(database.pool, logger),
  };
  return {
    sandbox,
    dependencies,
    activities: stepActivities(dependencies),
    /** Accepts an order of two pieces of a product of its own, of which there are ten; answers its id and the SKU. */
    accept: async (stock = 10, more: Parameters<typeof someOrder>[0] = {}) => {
      const order = someOrder(more);
      const sku = `sku-${order.id}`;
      await sandbox.call('PUT', `/products/${sku}`, { name: 'Teapot', price: '12.50', currency: 'EUR', stock });
      await acceptOrder(database.db, order, null);
      return { orderId: order.id, sku };
    },
    fault: (service: string, operation: string, mode: string, more: object = {}) =>
      sandbox.call('POST', '/faults', { service, operation, mode, ...more }),
    noFaults: () => sandbox.call('DELETE', '/faults'),
    record: (orderId: string) => recordOf(database.db, orderId),
    /** What the services hold for an order: its product's stock, its charges and its messages. */
    effects: async (orderId: string) => {
      const product = (await sandbox.call('GET', `/products/sku-${orderId}`)).body;
      const payments = (await sandbox.call('GET', `/payments/order/${orderId}`)).body.data;
      const messages = (await sandbox.call('GET', `/notifications?order_id=${orderId}`)).body.data;
      return {
        stock: product.stock,
        reserved: product.reserved,
        payments: payments.map(({ status }: { status: string }) => status),
        messages: messages.length,
      };
    },
    stop: async () => {
      await database.close();
      await sandbox.stop();
    },
  };
}

/** The activities of the saga; the reconciliation, which needs an engine, is none of its steps. */
export function stepActivities(dependencies: ActivityDependencies) {
  return createActivities(
    dependencies,
    {
      maxItems: 50,
      minTotal: '10.00',
      taxRates: {},
      paymentActionWindowMs: 60_000,
      declineLimits: { perOrder: 3, perCustomer: 5, windowMs: 60_000 },
      messages: { types: ['ORDER_CONFIRMED'], orderUrl: undefined },
    },
    { reconcile: none, placeImportOrder: none, commands: { send: none, takeOn: none } },
  );
}

function none(): Promise<never> {
  return Promise.reject(new Error('there is no engine here'));
}

/** Runs an activity in a context of its own, as a local activity or a regular one. */
export function runActivity<Input, Output>(
  activity: (input: Input) => Promise<Output>,
  input: Input,
  { isLocal, onHeartbeat }: { isLocal: boolean; onHeartbeat?: () => void },
): Promise<Output> {
  const environment = new MockActivityEnvironment({ isLocal }, { logger: new DefaultLogger('ERROR') });
  if (onHeartbeat) environment.on('heartbeat', onHeartbeat);
  return environment.run(activity, input);
}

/** What an activity failed with, as the workflow sees it. */
export async function failureOf(running: Promise<unknown>) {
  const error: unknown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApplicationFailure)) throw new Error('not an ApplicationFailure', { cause: error });
  return { type: error.type, nonRetryable: error.nonRetryable ?? false, details: error.details };
}
