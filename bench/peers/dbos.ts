// The order as a workflow of DBOS: every step is a checkpoint in PostgreSQL, the idempotency key is the workflow's id.
import { DBOS } from '@dbos-inc/dbos-sdk';
import { type Ended, openDoor, settings } from './door.ts';
import type { PeerOrder } from './peer-order.ts';
import { openRows } from './rows.ts';
import { ServiceRefusal } from './services.ts';

const { services, databaseUrl, accepts } = settings;
const rows = await openRows(databaseUrl, accepts ? 'dbos_accepts' : 'dbos_inserts');
/** Who waits here for an order learns of its confirmation, and need not wait for the notification. */
const confirmations = new Map<string, () => void>();

const runStep = <T>(name: string, run: () => Promise<T>): Promise<T> =>
  DBOS.runStep(run, {
    name,
    retriesAllowed: true,
    maxAttempts: 20,
    intervalSeconds: 0.2,
    backoffRate: 1.5,
    shouldRetry: (error: unknown) => !(error instanceof ServiceRefusal),
  });

async function createOrder(order: PeerOrder): Promise<Ended> {
  const compensations: [string, () => Promise<void>][] = [];
  try {
    if (accepts) await runStep('accept', () => rows.insert(order, 'PENDING'));
    compensations.unshift(['release', () => services.release(order)]);
    const reservationId = await runStep('reserve', () => services.reserve(order));
    compensations.unshift(['refund', () => services.refund(order)]);
    const paymentId = await runStep('charge', () => services.charge(order));
    await runStep('confirm', async () => {
      await services.commit(order);
      if (accepts) await rows.move(order, 'CONFIRMED', { reservationId, paymentId });
      else await rows.insert(order, 'CONFIRMED', { reservationId, paymentId });
    });
  } catch (error) {
    for (const [name, compensate] of compensations) await runStep(name, compensate);
    const failure = String(error);
    await runStep('cancel', async () => {
      if (accepts) await rows.move(order, 'CANCELLED', { failure });
      else await rows.insert(order, 'CANCELLED', { failure });
    });
    return { status: 'CANCELLED', failure };
  }
  confirmations.get(order.id)?.();
  // Best effort, as the product's.
  await runStep('notify', () => services.notify(order)).catch(() => {});
  return { status: 'CONFIRMED' };
}

const workflow = DBOS.registerWorkflow(createOrder, { name: 'createOrder' });
DBOS.setConfig({
  name: 'peer',
  systemDatabaseUrl: databaseUrl,
  systemDatabaseSchemaName: accepts ? 'dbos_a' : 'dbos_b',
  systemDatabasePoolSize: 16,
  applicationVersion: '1',
  logLevel: 'error',
});
await DBOS.launch();

openDoor(async (order) => {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  confirmations.set(order.id, () => {
    resolve({ status: 'CONFIRMED' });
  });
  try {
    const handle = await DBOS.startWorkflow(workflow, { workflowID: order.key })(order);
    const result = handle.getResult();
    // The caller has its answer already.
    result.catch(() => {});
    return await Promise.race([promise, result]);
  } finally {
    confirmations.delete(order.id);
  }
});
