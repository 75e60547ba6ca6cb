import { changeKinds } from '../../src/domain/order-change.ts';
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { orderStatuses } from '../../src/domain/order-status.ts';
import { paymentStatuses } from '../../src/domain/payment-status.ts';
import { sagaStates } from '../../src/domain/saga.ts';
import { needsAttentionAttribute, orderStatusAttribute } from '../../src/domain/search-attributes.ts';
import { readPages, readProducts, type ListedProduct } from '../replay/read-system.ts';
import type { ChaosSystem } from './system.ts';

const orderSchema = z.object({
  id: z.string(),
  status: z.enum(orderStatuses),
  payment_status: z.enum(paymentStatuses),
  saga_state: z.enum(sagaStates),
  total: z.string(),
  refunded_amount: z.string(),
  currency: z.string(),
  metadata: z.record(z.string(), z.string()),
  items: z.array(z.object({ sku: z.string(), quantity: z.int(), returned_quantity: z.int() })),
});
const paymentSchema = z.object({
  order_id: z.string(),
  amount: z.string(),
  /** What was taken of a payment that was authorised first; all of any other. */
  captured_amount: z.string().optional(),
  refunded_amount: z.string(),
  currency: z.string(),
  status: z.string(),
});
const reservationSchema = z.object({
  order_id: z.string(),
  status: z.enum(['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED']),
  items: z.array(z.object({ sku: z.string(), quantity: z.int() })),
});
const historySchema = z.object({
  data: z.array(
    z.object({
      version: z.int(),
      from: z.string().nullable(),
      to: z.string(),
      change: z.enum(changeKinds),
      actor: z.string(),
    }),
  ),
});

export type ReadOrder = Readonly<z.infer<typeof orderSchema>>;
export type ReadPayment = Readonly<z.infer<typeof paymentSchema>>;
export type ReadReservation = Readonly<z.infer<typeof reservationSchema>>;
export type StatusChange = z.infer<typeof historySchema>['data'][number];

/** An order's workflow in Temporal; `state` is MISSING when there is none; `status` is the workflow's OrderStatus. */
export interface ReadWorkflow {
  readonly state: string;
  readonly status: string | undefined;
  readonly needsAttention: boolean;
  /** Whether a task or activity is running, which may have written a status that `status` does not show yet. */
  readonly busy: boolean;
}

/** An order's event in the outbox. */
export interface ReadEvent {
  readonly id: number;
  readonly orderId: string;
  readonly type: string;
  readonly isPublished: boolean;
}

/** All that can be read from outside at one moment; by order id where it belongs to an order. */
export interface Reading {
  readonly orders: readonly ReadOrder[];
  readonly products: readonly ListedProduct[];
  readonly payments: readonly ReadPayment[];
  readonly reservations: readonly ReadReservation[];
  readonly histories: ReadonlyMap<string, readonly StatusChange[]>;
  readonly workflows: ReadonlyMap<string, ReadWorkflow>;
  readonly events: readonly ReadEvent[];
}

/** Concurrent look-ups. */
const CONCURRENCY = 16;

/** An order's states. */
export type OrderState = Pick<ReadOrder, 'id' | 'status' | 'saga_state'>;

/** Reads every order's states from the database: reading them four times a second must not be a load for the API. */
export function readStates({ select }: Pick<ChaosSystem, 'select'>): Promise<OrderState[]> {
  return select<OrderState>('select id, status, saga_state from orders');
}

/** Reads every order of the system. */
function readOrders({ api }: Pick<ChaosSystem, 'api'>): Promise<ReadOrder[]> {
  return readPages(api, '/api/v1/orders', orderSchema);
}

/** Reads everything; consistent only while nothing changes. */
export async function readEverything(system: ChaosSystem): Promise<Reading> {
  const orders = await readOrders(system);
  const ids = orders.map(({ id }) => id);
  return {
    orders,
    products: await readProducts(system.sandbox),
    payments: await readPages(system.sandbox, '/payments', paymentSchema),
    reservations: await readPages(system.sandbox, '/reservations', reservationSchema),
    histories: await readEach(ids, (id) => readHistory(system, id)),
    workflows: await readEach(ids, (id) => readWorkflow(system, id)),
    events: await readEvents(system),
  };
}

/** Reads an order's latest workflow from Temporal, not from its visibility store, which lags. */
export async function readWorkflow(
  { temporal }: Pick<ChaosSystem, 'temporal'>,
  orderId: string,
): Promise<ReadWorkflow> {
  const handle = temporal.workflow.getHandle(orderWorkflowId(orderId));
  try {
    const { status, raw, typedSearchAttributes } = await handle.describe();
    const result = status.name === 'COMPLETED' ? ((await handle.result()) as { status: string }) : undefined;
    return {
      state: status.name,
      status: result?.status ?? typedSearchAttributes.get(orderStatusAttribute),
      needsAttention: typedSearchAttributes.get(needsAttentionAttribute) === true,
      busy: Boolean(raw.pendingWorkflowTask) || (raw.pendingActivities ?? []).length > 0,
    };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return { state: 'MISSING', status: undefined, needsAttention: false, busy: false };
  }
}

async function readHistory({ api }: ChaosSystem, id: string): Promise<readonly StatusChange[]> {
  const { body } = await api({ path: `/api/v1/orders/${id}/history` });
  return historySchema.parse(body).data;
}

/** Reads every event of the outbox, oldest first. */
export function readEvents({ select }: Pick<ChaosSystem, 'select'>): Promise<ReadEvent[]> {
  return select<ReadEvent>(`
    select id::int, subject_id as "orderId", type,
      position is not null and position <= coalesce((select min(s.position) from event_sinks s), position) and not exists (
        select from event_deliveries d where d.event_id = outbox.id and d.state in ('PENDING', 'DEAD')) as "isPublished"
    from outbox order by outbox.id`);
}

/** Reads something of each order, a few at a time. */
export async function readEach<T>(ids: readonly string[], read: (id: string) => Promise<T>): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  const waiting = ids.values();
  const readNext = async () => {
    for (const id of waiting) found.set(id, await read(id));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, readNext));
  return found;
}
