import { createActivities } from '../../../activities/index.ts';
import type { Resolution } from '../../../src/domain/messages.ts';
import type { OrderStatus } from '../../../src/domain/order-status.ts';
import type { SagaAction } from '../../../src/domain/saga.ts';
import type { Gateways } from '../../../src/gateways/index.ts';
import type { Logger } from '../../../src/logger.ts';
import type { Db } from '../../../src/repositories/schema.ts';
import { createAgenda } from './agenda.ts';
import { createEngine, type Answer, type Engine } from './engine.ts';
import { doneByHand } from './by-hand.ts';
import { createInventory, type Inventory, type InventoryFlaws } from './inventory.ts';
import { createNetwork } from './network.ts';
import { coupon, input } from './order.ts';
import { createPayment, type Payment, type PaymentFlaws } from './payment.ts';
import type { Happening, Moment, Plan } from './plan.ts';
import { createProjection, type Projection } from './projection.ts';
import type { Sight } from './rows.ts';
import type { WorkflowRuntime } from './workflow-runtime.ts';

/** A command that was sent as an update, with its answer and where the order stood then. */
export interface SentCommand {
  readonly id: string;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  answer?: Answer;
  statusThen?: OrderStatus;
  wasPartlyShippedThen?: boolean;
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

/**
 * With every service well again a step goes through, unless it is refused for good: a refund, say, of money that an earlier one took,
 * which an operator gave up though it had been made. Then they give this one up as well.
 */
const MAX_FRUITLESS = 5;

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
    if (projection.rows.order.status === 'CANCELLED') lateHolds += 1;
  };
  const inventory = createInventory(agenda, network, { initialStock: plan.stock, onHold }, flaws);
  const payment = createPayment(network, flaws);
  const messages: string[] = [];
  const sent: SentCommand[] = [];
  const decisions = [...plan.operator.decisions];
  const fruitless = new Map<SagaAction, number>();
  let waiting = [...plan.happenings];
  let wasCancelledFromOutside = false;
  let helped = 0;
  let commands = 0;

  const projection = createProjection({
    network,
    payment,
    hearsOfCharges: plan.hearsOfCharges,
    coupon: plan.hasCoupon ? coupon : null,
    watch: {
      onSight: (sight: Sight) => {
        const due = take((moment) => 'onSight' in moment && moment.onSight === sight);
        for (const { at, happening } of due) agenda.add((at as { delayMs: number }).delayMs, () => happen(happening));
      },
      onAttention: (step) => agenda.add(plan.operator.delayMs, () => decide(step)),
    },
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
    input: { ...input, paymentMethod: plan.paymentMethod, amendWindowMs: plan.amendWindowMs },
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
        inventory.sellRest(happening.skus, happening.keep);
        break;
      case 'cancelWorkflow':
        if (!engine.ending()) wasCancelledFromOutside = true;
        engine.cancel();
        break;
      case 'paymentSettled':
        engine.signal('paymentSettled', {
          idempotency_key: `o1:${happening.of}`,
          command_id: `settled-${agenda.happened()}`,
        });
        break;
      case 'cancelOrder':
      case 'changeStatus':
      case 'amendItems':
      case 'returnItems': {
        const { what, by, twice, ...more } = happening;
        sendPlanned({ what, by, twice }, more);
        break;
      }
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
    // A return is known by its command's id, which has to be a UUID.
    const id = `00000000-0000-4000-8000-${String((commands += 1)).padStart(12, '0')}`;
    const payload = { actor: 'test', reason: 'planned', command_id: id, ...more };
    if (by === 'update') update({ id, name: what, payload });
    if (by === 'signal' || twice) engine.signal(what, payload);
  }

  /** Sends an update, again if nobody answered, as a client that lost its connection does. */
  function update(command: SentCommand, isRepeat = false): void {
    if (!isRepeat) sent.push(command);
    engine.update(command.id, command.name, command.payload, (answer) => {
      command.answer = answer;
      command.statusThen = projection.rows.order.status;
      command.wasPartlyShippedThen = projection.rows.items.some((item) => item.shippedQuantity > 0);
      if (answer.kind === 'lost') agenda.add(1_000, () => update(command, true));
    });
  }

  function decide(step: SagaAction): void {
    if (!parked().includes(step) || engine.ending()) return;
    const givesUpToo = plan.operator.decisions.includes('skip') && fruitless.get(step) === MAX_FRUITLESS;
    const wanted = decisions.shift() ?? (givesUpToo ? 'skip' : undefined);
    if (!wanted) {
      network.heal();
      fruitless.set(step, (fruitless.get(step) ?? 0) + 1);
    }
    const services = { inventory, payment, rows: projection.rows };
    const action: Resolution = wanted === 'resolve' && !doneByHand(step, services) ? 'retry' : (wanted ?? 'retry');
    sendPlanned({ what: 'resolveStep', by: plan.operator.by, twice: false }, { step, action });
  }

  /** An operator looks again at what still waits. */
  function operatorHelps(): boolean {
    if (engine.ending() || parked().length === 0 || (helped += 1) > 20) return false;
    for (const step of parked()) decide(step);
    return true;
  }

  /** What waits for an operator, of whichever saga. */
  function parked(): SagaAction[] {
    const failed = [...projection.rows.ledger].flatMap(([key, state]) => (state === 'FAILED' ? [key] : []));
    return failed.map((key) => key.split(' ').at(-1) as SagaAction).filter((step) => step !== 'notifyCustomer');
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
