import { createActivities } from '../../../activities/index.ts';
import type { CreateOrderInput, Resolution } from '../../../src/domain/messages.ts';
import type { OrderStatus } from '../../../src/domain/order-status.ts';
import type { SagaAction } from '../../../src/domain/saga.ts';
import type { Gateways } from '../../../src/gateways/index.ts';
import type { Logger } from '../../../src/logger.ts';
import type { Db } from '../../../src/repositories/schema.ts';
import { createAgenda } from './agenda.ts';
import { createEngine, type Answer, type Engine } from './engine.ts';
import { createInventory, type Inventory, type InventoryFlaws } from './inventory.ts';
import { createNetwork } from './network.ts';
import { createPayment, type Payment, type PaymentFlaws } from './payment.ts';
import type { Happening, Moment, Plan } from './plan.ts';
import { createProjection, type Projection } from './projection.ts';
import type { WorkflowRuntime } from './workflow-runtime.ts';

/** The order that every plan is about. */
export const input: CreateOrderInput = {
  orderId: 'o1',
  customerId: 'alice',
  currency: 'EUR',
  totalMinor: 2_500,
  paymentMethod: 'tok_ok',
  lines: [{ sku: 'TEAPOT', quantity: 2 }],
  // Shorter than the window for another payment method, so that holds expire.
  reservationTtlMs: 10 * 60_000,
  paymentRetryWindowMs: 15 * 60_000,
  returnWindowMs: 30 * 86_400_000,
  // Short, so that a plan in which a service stays away has few attempts.
  stepPatienceMs: 2 * 60_000,
};

/** A command that was sent as an update, with its answer and where the order stood then. */
export interface SentCommand {
  readonly id: string;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  answer?: Answer;
  statusThen?: OrderStatus;
}

/** Everything that can be seen once nothing moves any more. */
export interface AtRest {
  readonly engine: Engine;
  readonly inventory: Inventory;
  readonly payment: Payment;
  readonly projection: Projection;
  readonly messages: readonly string[];
  /** Holds that were made after the order had been cancelled: they expire, but keep stock from others until then. */
  readonly lateHolds: number;
  readonly sent: readonly SentCommand[];
  readonly wasCancelledFromOutside: boolean;
  readonly isAtRest: boolean;
}

/** Plans take a few dozen events each; one that takes thousands goes round in circles. */
const MAX_EVENTS = 5_000;

/** Lets one order live through a plan, until nothing happens any more and no operator is needed. */
export async function runPlan(
  runtime: WorkflowRuntime,
  plan: Plan,
  flaws: InventoryFlaws & PaymentFlaws = {},
): Promise<AtRest> {
  const agenda = createAgenda(Date.UTC(2026, 0, 1));
  const network = createNetwork(agenda, plan.faults, plan.latenciesMs);
  let lateHolds = 0;
  const onHold = () => {
    if (projection.order.status === 'CANCELLED') lateHolds += 1;
  };
  const inventory = createInventory(agenda, network, { initialStock: plan.stock, onHold }, flaws);
  const payment = createPayment(network, flaws);
  const messages: string[] = [];
  const sent: SentCommand[] = [];
  const decisions = [...plan.operator.decisions];
  let waiting = [...plan.happenings];
  let wasCancelledFromOutside = false;
  let helped = 0;

  const projection = createProjection(network, payment, plan.hearsOfCharges, {
    onStatus: (status) => {
      const due = take((moment) => 'onStatus' in moment && moment.onStatus === status);
      for (const { at, happening } of due) agenda.add((at as { delayMs: number }).delayMs, () => happen(happening));
    },
    onAttention: (step) => agenda.add(plan.operator.delayMs, () => decide(step)),
  });
  const gateways = {
    inventory: inventory.gateway,
    payment: payment.gateway,
    notification: {
      send: ({ idempotencyKey }: { readonly idempotencyKey: string }) =>
        network.call('send', () => {
          if (!messages.includes(idempotencyKey)) messages.push(idempotencyKey);
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
    { maxItems: 50, minTotal: '0' },
    { reconcile: none, placeImportOrder: none },
  );
  const engine = createEngine({
    agenda,
    runtime,
    activities,
    workflowType: 'CreateOrder',
    workflowId: 'order-o1',
    input: { ...input, paymentMethod: plan.paymentMethod },
    forgetsUpdates: plan.forgetsUpdates,
  });

  function take(isDue: (moment: Moment) => boolean): typeof waiting {
    const due = waiting.filter(({ at }) => isDue(at));
    waiting = waiting.filter(({ at }) => !isDue(at));
    return due;
  }

  function happen(happening: Happening): void {
    switch (happening.what) {
      case 'crash':
        engine.crash(happening.downMs);
        break;
      case 'evict':
        engine.evict();
        break;
      case 'outage':
        network.down.set(happening.service, agenda.now() + happening.forMs);
        break;
      case 'sellRest':
        inventory.sellRest();
        break;
      case 'cancelWorkflow':
        if (!engine.ending()) wasCancelledFromOutside = true;
        engine.cancel();
        break;
      case 'paymentSettled':
        engine.signal('paymentSettled', {
          idempotency_key: `o1:charge:${happening.tries}`,
          command_id: `settled-${agenda.happened()}`,
        });
        break;
      case 'cancelOrder':
        sendPlanned(happening, {});
        break;
      case 'changeStatus':
        sendPlanned(happening, { status: happening.status });
        break;
      case 'retryPayment':
        sendPlanned(happening, { payment_method: happening.paymentMethod });
        break;
      default:
        happening satisfies never;
    }
  }

  function sendPlanned(
    { what, by, twice }: { readonly what: string; readonly by: 'update' | 'signal'; readonly twice: boolean },
    more: Readonly<Record<string, unknown>>,
  ): void {
    const id = `${what}-${sent.length + 1}-${agenda.happened()}`;
    const payload = { actor: 'test', reason: 'planned', command_id: id, ...more };
    if (by === 'update') update({ id, name: what, payload });
    if (by === 'signal' || twice) engine.signal(what, payload);
  }

  /** Sends an update, again if nobody answered, as a client that lost its connection does. */
  function update(command: SentCommand, isRepeat = false): void {
    if (!isRepeat) sent.push(command);
    engine.update(command.id, command.name, command.payload, (answer) => {
      command.answer = answer;
      command.statusThen = projection.order.status;
      if (answer.kind === 'lost') agenda.add(1_000, () => update(command, true));
    });
  }

  function decide(step: SagaAction): void {
    if (projection.ledger.get(step) !== 'FAILED' || engine.ending()) return;
    const wanted = decisions.shift();
    if (!wanted) network.heal();
    const action: Resolution = wanted === 'resolve' && !doneByHand(step) ? 'retry' : (wanted ?? 'retry');
    sendPlanned({ what: 'resolveStep', by: plan.operator.by, twice: false }, { step, action });
  }

  /** An operator does at the service what the saga could not; false when the service refuses them too. */
  function doneByHand(step: SagaAction): boolean {
    const { orderId, lines, reservationTtlMs, totalMinor, currency } = input;
    const tries = projection.history.filter(({ key }) => key.startsWith('payment-retried')).length + 1;
    const idempotencyKey = `${orderId}:charge:${tries}`;
    try {
      if (step === 'reserveInventory') inventory.byHand.reserve(orderId, lines, reservationTtlMs);
      if (step === 'confirmOrder') inventory.byHand.commit(orderId);
      if (step === 'releaseInventoryIfReserved') inventory.byHand.release(orderId);
      if (step === 'refundPaymentIfCharged') payment.byHand.voidOrder(orderId);
      if (step !== 'chargePayment') return true;
      const charge = { orderId, idempotencyKey, amountMinor: totalMinor, currency, paymentMethod: 'tok_ok' };
      return payment.byHand.charge(charge).outcome === 'captured';
    } catch {
      return false;
    }
  }

  /** An operator looks again at what still waits. */
  function operatorHelps(): boolean {
    const parked = [...projection.ledger].filter(([step, state]) => state === 'FAILED' && step !== 'notifyCustomer');
    if (engine.ending() || parked.length === 0 || (helped += 1) > 20) return false;
    for (const [step] of parked) decide(step);
    return true;
  }

  const isAtRest = await settle();
  return { engine, inventory, payment, projection, messages, lateHolds, sent, wasCancelledFromOutside, isAtRest };

  async function settle(): Promise<boolean> {
    while (agenda.happened() < MAX_EVENTS) {
      for (const { happening } of take(
        (moment) => 'afterEvents' in moment && moment.afterEvents <= agenda.happened(),
      )) {
        happen(happening);
      }
      if (await agenda.step()) continue;
      // Nothing moves: what was planned for later comes now.
      const next = waiting.find(({ at }) => 'afterEvents' in at);
      if (next) {
        waiting = waiting.filter((other) => other !== next);
        happen(next.happening);
      } else if (!operatorHelps()) return true;
    }
    return false;
  }
}

function none(): Promise<never> {
  return Promise.reject(new Error('no pass and no import here'));
}
