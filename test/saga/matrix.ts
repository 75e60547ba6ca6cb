import { uuidv7 } from 'uuidv7';
import { expect } from 'vitest';
import type { PaymentPart } from '../../src/domain/payment-part.ts';
import { isCompensation, sagas, type CreateAction } from '../../src/domain/saga.ts';
import { eventually } from '../setup/eventually.ts';
import type { SagaRig } from '../setup/saga-rig.ts';
import type { Fault } from '../setup/saga-views.ts';
import type { SettledOrder } from './clean-slate.ts';

/** A fault of an action's call, or of another operation of its service. */
export type FaultMode = Pick<Fault, 'mode' | 'times' | 'delay_ms'> & { operation?: string };

/** What each step and compensation asks of which service; a new one is in the matrix once it stands here, and fails it until then. */
export const callOf: Record<CreateAction, Pick<Fault, 'service' | 'operation'>> = {
  reserveInventory: { service: 'inventory', operation: 'reserve' },
  releaseInventoryIfReserved: { service: 'inventory', operation: 'release' },
  reviewOrder: { service: 'review', operation: 'review' },
  chargePayment: { service: 'payment', operation: 'charge' },
  authorizePayment: { service: 'payment', operation: 'authorize' },
  voidPaymentIfAuthorized: { service: 'payment', operation: 'refund' },
  capturePayment: { service: 'payment', operation: 'capture' },
  refundPaymentIfCharged: { service: 'payment', operation: 'refund' },
  confirmOrder: { service: 'inventory', operation: 'commit' },
  notifyCustomer: { service: 'notification', operation: 'send' },
};

/** Every compensation that there is. */
const compensations = [
  ...new Set(Object.values(sagas.create).filter((compensation) => compensation !== null)),
] satisfies CreateAction[];

/** Every step and compensation that there is. */
export const actions = [...(Object.keys(sagas.create) as CreateAction[]), ...compensations];

/** Every step and compensation of an order whose payment is taken this way. */
export function actionsOf(isCaptured: boolean): CreateAction[] {
  // What releases an authorisation makes the call of the refund that comes before it, so that only that one meets a fault.
  const others: CreateAction[] = isCaptured
    ? ['chargePayment', 'voidPaymentIfAuthorized']
    : ['authorizePayment', 'capturePayment', 'voidPaymentIfAuthorized'];
  return actions.filter((action) => !others.includes(action));
}

/** One order and the action at which something happens to it. */
export interface Case {
  readonly rig: SagaRig;
  readonly action: CreateAction;
  readonly id: string;
  readonly sku: string;
  /** With what it is paid in order of use, if it is not one method. */
  readonly parts: readonly PaymentPart[] | undefined;
}

/** Dozens of orders wait for their timeouts on two cores, and workers die. */
export const PATIENCE = { timeoutMs: 180_000 };

const STOCK = 10;
const QUANTITY = 2;

/** Something that goes wrong at an action; answers how the order has to end. */
export type Disturbance = (order: Case) => Promise<SettledOrder['outcome']>;

/** Everything that goes wrong at each action, but for the death of the worker, which a test brings about for all at once. */
export const disturbances: Readonly<Record<string, Disturbance>> = {
  'fails before its effect': (order) => meets(order, { mode: 'fail_before_effect', times: 2 }),
  'fails after its effect': (order) => meets(order, { mode: 'fail_after_effect', times: 2 }),
  'times out after its effect': (order) => meets(order, { mode: 'timeout_after_effect', times: 1 }),
  'has its effect late': (order) => meets(order, { mode: 'late_effect', times: 1, delay_ms: 700 }),

  'is compensated, and the compensation loses its reply': async (order) => {
    const own = isCompensation(order.action) ? order.action : sagas.create[order.action];
    for (const compensation of own ? [own] : compensations)
      await addFault(order, compensation, { mode: 'timeout_after_effect', times: 2 });
    if (isCompensation(order.action)) return meets(order);
    await reach(order, ...stuckAt(order));
    const cancelled = cancel(order);
    await removeFaults(order);
    await cancelled;
    return 'CANCELLED';
  },

  'meets a service that is down for a while': async (order) => {
    await reach(order, { mode: 'down' });
    await removeFaults(order);
    return isCompensation(order.action) ? 'CANCELLED' : 'CONFIRMED';
  },

  'is interrupted by a cancellation': async (order) => {
    const first = await reach(order, ...stuckAt(order));
    const second = cancel(order);
    // A step gives way to the cancellation while its service is still down; a compensation and a message do not.
    if (!isCompensation(order.action) && order.action !== 'notifyCustomer') await second;
    await removeFaults(order);
    for (const reply of await Promise.all([first.cancelled, second])) {
      if (reply) expect(reply.status).toBe('CANCELLED');
    }
    return 'CANCELLED';
  },

  'is cut off by the termination of its workflow': async (order) => {
    await reach(order, ...stuckAt(order));
    return cutOff(order);
  },
};

/** Terminates the order's workflow and reconciles until the order is cancelled. */
export async function cutOff(order: Case): Promise<'CANCELLED'> {
  const { rig, id } = order;
  const { runId } = await rig.handle(id).describe();
  await rig.handle(id).terminate('an accident');
  await removeFaults(order);
  await eventually(async () => {
    await rig.reconcile({ everything: false });
    return (await rig.order(id)).status === 'CANCELLED';
  }, PATIENCE);
  await rig.replay(id, runId);
  return 'CANCELLED';
}

/** The first try acts late, when the saga has long gone on; every later one meets a service that is down, also to whoever asks what became of it. */
const stuckAt = ({ action }: Case): readonly FaultMode[] => [
  { mode: 'late_effect', times: 1, delay_ms: 700 },
  { mode: 'down' },
  { mode: 'down', operation: lookupOf(action) },
];

/** What asks what became of an action, and of no action before it: on a busy machine an authorisation may have to be looked up. */
export function lookupOf(action: CreateAction): string {
  return action === 'capturePayment' ? 'lookup_capture' : 'lookup';
}

/** Makes an order over a product that nobody else buys. */
export async function openCase(rig: SagaRig, action: CreateAction, parts?: readonly PaymentPart[]): Promise<Case> {
  const order = { rig, action, id: uuidv7(), sku: `sku-${uuidv7()}`, parts };
  await rig.product(order.sku, STOCK);
  return order;
}

/** The order as it stands when all is over. */
export function settled({ id, sku, parts }: Case, outcome: SettledOrder['outcome']): SettledOrder {
  return { id, sku, stock: STOCK, quantity: QUANTITY, outcome, charges: parts?.length ?? 1 };
}

/** Brings the order to its action, which for a compensation means that a confirmed one is cancelled; answers the cancellation. */
export async function start(order: Case): Promise<{ cancelled: ReturnType<typeof cancel> | undefined }> {
  if (isCompensation(order.action)) return { cancelled: cancel(order) };
  await place(order);
  return { cancelled: undefined };
}

/** Does what must be done before the order can come to its action. */
export async function prepare(order: Case): Promise<void> {
  if (!isCompensation(order.action)) return;
  await place(order);
  await eventually(async () => (await order.rig.ledger(order.id))['notifyCustomer'] === 'DONE', PATIENCE);
}

/** Adds a fault for this order at an action, its own unless another one is named. */
export async function addFault(order: Case, action: CreateAction, fault: FaultMode) {
  await order.rig.fault({ ...callOf[action], ...fault, match: { order_id: order.id } });
}

/** Ends every fault of this order, but those of one operation. */
export async function removeFaults({ rig, id }: Case, { but }: { readonly but?: string } = {}): Promise<void> {
  const faults = await faultsOf(rig, id);
  for (const fault of faults) if (fault.operation !== but) await rig.sandbox.call('DELETE', `/faults/${fault.id}`);
}

interface OrderFault {
  readonly id: string;
  readonly operation: string;
  readonly remaining: number | null;
}

/** The faults that are left for an order. */
export async function faultsOf({ sandbox }: SagaRig, id: string): Promise<OrderFault[]> {
  const { body } = await sandbox.call('GET', '/faults');
  return body.data.filter(({ match }: { match: Fault['match'] }) => match?.order_id === id);
}

/** Runs the order through its action with these faults, and to the end. */
async function meets(order: Case, ...faults: FaultMode[]) {
  await prepare(order);
  for (const fault of faults) await addFault(order, order.action, fault);
  const { cancelled } = await start(order);
  if (cancelled) expect((await cancelled).status).toBe('CANCELLED');
  return cancelled ? 'CANCELLED' : 'CONFIRMED';
}

/** Runs the order into its action until its regular attempts fail there. */
async function reach(order: Case, ...faults: FaultMode[]) {
  await prepare(order);
  for (const fault of faults) await addFault(order, order.action, fault);
  const started = await start(order);
  await eventually(async () => {
    const row = (await order.rig.ledgerRows(order.id)).find(({ step }) => step === order.action);
    return row?.state === 'RUNNING' && row.attempts > 1;
  }, PATIENCE);
  return started;
}

async function place({ rig, id, sku, parts }: Case): Promise<void> {
  const item = { id: uuidv7(), productId: 'p1', sku, name: sku, unitPriceMinor: 1_250, quantity: QUANTITY };
  const paymentMethod = parts?.at(-1)?.paymentMethod;
  await rig.place({ id, items: [item], ...(paymentMethod !== undefined && { paymentMethod, paymentParts: parts }) });
}

/** Cancels as a client does: the same command again until it is answered. */
export function cancel({ rig, id }: Case) {
  const command = { actor: 'support:sam', reason: 'because', command_id: uuidv7() };
  const send = async () => {
    const reply = await rig.commands.send(id, 'cancelOrder', command, 20_000);
    return reply.outcome === 'done' && reply;
  };
  const answer = eventually(send, PATIENCE);
  // Some cancellations are cut off with their workflow, and their callers look at the order itself.
  answer.catch(() => {});
  return answer;
}
