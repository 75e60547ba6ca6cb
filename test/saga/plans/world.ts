import { createActivities } from '../../../activities/index.ts';
import type { Gateways } from '../../../src/gateways/index.ts';
import type { Logger } from '../../../src/logger.ts';
import type { Db } from '../../../src/repositories/schema.ts';
import { Network } from './network.ts';
import { coupon, input, partsOf, taxRates } from './order.ts';
import type { Plan } from './plan.ts';
import { createProjection } from './projection.ts';
import type { ProjectionWatcher } from './rows.ts';
import { inventoryGateway, SimulatedInventory, type InventoryFlaws } from './simulated-inventory.ts';
import { paymentGateway, SimulatedPayment, type PaymentFlaws } from './simulated-payment.ts';
import { SimulatedServer } from './simulated-server.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { WorkflowRuntime } from './workflow-runtime.ts';

/** What the services can be made to leave out. */
export type Flaws = InventoryFlaws & PaymentFlaws;

export type World = ReturnType<typeof createWorld>;

/** What one order lives in: the real workflow and activities, with everything that they reach in memory and in virtual time. */
export function createWorld(runtime: WorkflowRuntime, plan: Plan, flaws: Flaws, watch: ProjectionWatcher) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const network = new Network(clock, plan.faults, plan.latenciesMs);
  const lateHolds = { count: 0 };
  const onHold = () => {
    if (projection.rows.order.status === 'CANCELLED') lateHolds.count += 1;
  };
  const inventory = new SimulatedInventory({ clock, initialStock: plan.stock, onHold, flaws });
  const payment = new SimulatedPayment(flaws);
  const { hearsOfCharges } = plan;
  const projection = createProjection({
    network,
    payment,
    hearsOfCharges,
    coupon: plan.hasCoupon ? coupon : null,
    watch,
  });
  /** What a service says by itself, as often as the plan has it, under one id. */
  const tell = (signal: string, what: object) => {
    const notice = { ...what, actor: 'service:later', reason: 'decided', command_id: `decided-${clock.happened()}` };
    for (let times = 0; times < plan.tellsOfDecisions; times += 1) server.signal(signal, { from_api: notice });
  };
  const messages = new Set<string>();
  const customer = { id: input.customerId, active: true };
  const gateways = {
    inventory: inventoryGateway(inventory, network, () => tell('reservationSettled', {})),
    payment: paymentGateway(payment, network, (key) => tell('paymentSettled', { idempotency_key: key })),
    customer: {
      findCustomer: () => network.call('findCustomer', () => ({ ...customer })),
      createCustomer: () => Promise.reject(new Error('no import creates customers here')),
    },
    notification: {
      send: ({ idempotencyKey }: { readonly idempotencyKey: string }) =>
        network.call('send', () => {
          messages.add(idempotencyKey);
          return {};
        }),
    },
  } as unknown as Gateways;
  const activities = createActivities(
    {
      db: projection.repositories as unknown as Db,
      gateways,
      announcer: { announce: () => {} },
      logger: { warn: () => {} } as unknown as Logger,
    },
    {
      maxItems: 50,
      minTotal: '0',
      taxRates,
      paymentActionWindowMs: 15 * 60_000,
      declineLimits: { perOrder: 0, perCustomer: 0, windowMs: 0 },
      messages: { types: ['ORDER_CONFIRMED'], orderUrl: undefined },
    },
    { reconcile: none, placeImportOrder: none, commands: { send: none, takeOn: none }, now: () => clock.now() },
  );
  const paymentParts = partsOf(plan.paymentMethod, plan.giftCard);
  const server = new SimulatedServer({
    clock,
    runtime,
    activities,
    workflowType: 'CreateOrder',
    workflowId: 'order-o1',
    input: {
      ...input,
      paymentMethod: paymentParts?.at(-1)?.paymentMethod ?? plan.paymentMethod,
      ...(paymentParts && { paymentParts }),
      amendWindowMs: plan.amendWindowMs,
      ...(plan.paymentCapture && { paymentCapture: plan.paymentCapture }),
    },
    forgetsUpdates: plan.forgetsUpdates,
  });
  return { clock, network, inventory, payment, customer, projection, messages, lateHolds, server };
}

function none(): Promise<never> {
  return Promise.reject(new Error('no pass and no import here'));
}
