import { formatMoney } from '../../../src/domain/money.ts';
import { Commands, type SentCommand } from './commands.ts';
import { Operator } from './operator.ts';
import { partsOf, placed } from './order.ts';
import type { Happening, Moment, Plan } from './plan.ts';
import type { Projection } from './projection.ts';
import type { Sight } from './rows.ts';
import type { SimulatedInventory } from './simulated-inventory.ts';
import type { SimulatedPayment } from './simulated-payment.ts';
import { findDisagreement } from './search-attributes.ts';
import type { SimulatedServer } from './simulated-server.ts';
import { createWorld, type Flaws, type World } from './world.ts';
import type { WorkflowRuntime } from './workflow-runtime.ts';

/** Everything that can be seen once nothing moves any more. */
export interface AtRest {
  readonly server: SimulatedServer;
  readonly inventory: SimulatedInventory;
  readonly payment: SimulatedPayment;
  readonly projection: Projection;
  readonly messages: readonly string[];
  /** Holds that were made after the order had been cancelled: they expire, but keep stock from others until then. */
  readonly lateHolds: number;
  readonly sent: readonly SentCommand[];
  readonly wasCancelledFromOutside: boolean;
  readonly isAtRest: boolean;
  /** Whether the order is paid as its goods are shipped. */
  readonly isCapturedLater: boolean;
  /** What the search attributes said otherwise than the order was, at any time. */
  readonly disagreements: readonly string[];
}

/** Plans take a few dozen events each; one that takes thousands goes round in circles. */
const MAX_EVENTS = 5_000;

/** Lets one order live through a plan, until nothing happens any more and no operator is needed. */
export async function runPlan(runtime: WorkflowRuntime, plan: Plan, flaws: Flaws = {}): Promise<AtRest> {
  return new PlannedLife(runtime, plan, flaws).live();
}

class PlannedLife {
  readonly #world: World;
  readonly #commands: Commands;
  readonly #operator: Operator;
  /** What has not happened yet. */
  #waiting: Plan['happenings'];
  #wasCancelledFromOutside = false;
  readonly #isCapturedLater: boolean;
  readonly #disagreements: string[] = [];

  constructor(runtime: WorkflowRuntime, plan: Plan, flaws: Flaws) {
    this.#waiting = plan.happenings;
    this.#isCapturedLater = plan.paymentCapture === 'shipment';
    this.#world = createWorld(runtime, plan, flaws, {
      onSight: (sight) => this.#scheduleOnSight(sight),
      onAttention: (step) => void this.#world.clock.schedule(plan.operator.delayMs, () => this.#operator.decide(step)),
    });
    this.#commands = new Commands(this.#world, plan);
    this.#operator = new Operator(plan.operator, this.#world, this.#commands);
  }

  async live(): Promise<AtRest> {
    const isAtRest = await this.#settle();
    const { messages, lateHolds, ...world } = this.#world;
    return {
      ...world,
      messages: [...messages],
      lateHolds: lateHolds.count,
      sent: this.#commands.sent,
      wasCancelledFromOutside: this.#wasCancelledFromOutside,
      isAtRest,
      isCapturedLater: this.#isCapturedLater,
      disagreements: this.#disagreements,
    };
  }

  async #settle(): Promise<boolean> {
    const { clock } = this.#world;
    while (clock.happened() < MAX_EVENTS) {
      const due = this.#take((moment) => 'afterEvents' in moment && moment.afterEvents <= clock.happened());
      for (const { happening } of due) this.#happen(happening);
      const disagreement = findDisagreement(this.#world);
      if (disagreement !== undefined) this.#disagreements.push(disagreement);
      if (await clock.step()) continue;
      // Nothing moves: what was planned for later comes now.
      const next = this.#waiting.find(({ at }) => 'afterEvents' in at);
      if (next) {
        this.#waiting = this.#waiting.filter((other) => other !== next);
        this.#happen(next.happening);
      } else if (!this.#operator.lookAgain()) return true;
    }
    return false;
  }

  #scheduleOnSight(sight: Sight): void {
    const due = this.#take((moment) => 'onSight' in moment && moment.onSight === sight);
    for (const { at, happening } of due) {
      if ('delayMs' in at) this.#world.clock.schedule(at.delayMs, () => this.#happen(happening));
    }
  }

  #take(isDue: (moment: Moment) => boolean): Plan['happenings'] {
    const due = this.#waiting.filter(({ at }) => isDue(at));
    this.#waiting = this.#waiting.filter(({ at }) => !isDue(at));
    return due;
  }

  #happen(happening: Happening): void {
    const { server, network, inventory, clock } = this.#world;
    switch (happening.what) {
      case 'crash':
        server.crash(happening.downMs);
        break;
      case 'evict':
        server.evict();
        break;
      case 'outage':
        network.takeDown(happening.service, happening.forMs);
        break;
      case 'sellRest':
        inventory.shelves.sellRest(happening.skus, happening.keep);
        break;
      case 'reprice':
        inventory.reprice(happening.sku, happening.priceMinor);
        break;
      case 'deactivateCustomer':
        this.#world.customer.active = false;
        break;
      case 'cancelWorkflow':
        if (!server.ending()) this.#wasCancelledFromOutside = true;
        server.cancel();
        break;
      case 'paymentSettled': {
        const key = { idempotency_key: `o1:${happening.of}`, command_id: `settled-${clock.happened()}` };
        server.signal('paymentSettled', { from_api: { ...key, actor: 'service:payment', reason: 'settled' } });
        break;
      }
      case 'reservationSettled': {
        const notice = { actor: 'service:inventory', reason: 'settled', command_id: `settled-${clock.happened()}` };
        server.signal('reservationSettled', { from_api: notice });
        break;
      }
      case 'cancelOrder':
      case 'changeStatus':
      case 'amendItems':
      case 'returnItems':
      case 'refundPayment': {
        const { what, by, twice, ...more } = happening;
        this.#commands.send({ what, by, twice }, more);
        break;
      }
      case 'redirect': {
        const { edits, order } = this.#world.projection.rows;
        const shippingAddress = { ...order.shippingAddress, country: happening.country };
        // What the API does before it sends the command.
        const prepare = (id: string) => void edits.set(id, { shippingAddress });
        this.#commands.send({ ...happening, what: 'amendItems' }, { change: 'redirect' }, prepare);
        break;
      }
      case 'retryPayment': {
        const { paymentMethod, giftCard = 'none' } = happening;
        const parts = partsOf(paymentMethod, giftCard);
        const methods = parts?.map((part) => ({
          method: part.paymentMethod,
          amount: formatMoney(part.amountMinor, placed.currency),
        }));
        this.#commands.send(happening, methods ? { payment_methods: methods } : { payment_method: paymentMethod });
        break;
      }
      default:
        happening satisfies never;
    }
  }
}
