import type { Resolution } from '../../../src/domain/messages.ts';
import type { SagaAction } from '../../../src/domain/saga.ts';
import { doneByHand } from './by-hand.ts';
import type { Commands } from './commands.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/**
 * With every service well again a step goes through, unless it is refused for good: a refund, say, of money that an earlier one took,
 * which an operator gave up though it had been made. Then they give this one up as well.
 */
const MAX_FRUITLESS = 5;

/** An operator looks again so often, and then leaves it. */
const MAX_LOOKS = 20;

/** Decides what is to become of steps that wait for somebody: as the plan says, then by having the services healed and retrying. */
export class Operator {
  readonly #plan: Plan['operator'];
  readonly #world: World;
  readonly #commands: Commands;
  readonly #decisions: Resolution[];
  readonly #fruitless = new Map<SagaAction, number>();
  #looks = 0;

  constructor(plan: Plan['operator'], world: World, commands: Commands) {
    this.#plan = plan;
    this.#world = world;
    this.#commands = commands;
    this.#decisions = [...plan.decisions];
  }

  decide(step: SagaAction): void {
    const { network, server, inventory, payment, projection } = this.#world;
    if (!this.#parked().includes(step) || server.ending()) return;
    const fruitless = this.#fruitless.get(step) ?? 0;
    const givesUpToo = this.#plan.decisions.includes('skip') && fruitless === MAX_FRUITLESS;
    // What was paid by hand goes back by hand, however often it is retried.
    const isDue = projection.rows.problems.get(step)?.includes('has to go back by hand') === true;
    const wanted = this.#decisions.shift() ?? (givesUpToo ? 'skip' : isDue ? 'resolve' : undefined);
    if (!wanted) {
      network.heal();
      this.#fruitless.set(step, fruitless + 1);
    }
    const services = { network, inventory, payment, rows: projection.rows };
    const isUndone = wanted === 'resolve' && !isDue && !doneByHand(step, services);
    const action: Resolution = isUndone ? 'retry' : (wanted ?? 'retry');
    this.#commands.send({ what: 'resolveStep', by: this.#plan.by, twice: false }, { step, action });
  }

  /** Looks again at what still waits; false when there is nothing or it has been looked at too often. */
  lookAgain(): boolean {
    const parked = this.#parked();
    if (this.#world.server.ending() || parked.length === 0 || (this.#looks += 1) > MAX_LOOKS) return false;
    for (const step of parked) this.decide(step);
    return true;
  }

  /** What waits for an operator, of whichever saga. */
  #parked(): SagaAction[] {
    const { ledger } = this.#world.projection.rows;
    const failed = [...ledger].flatMap(([key, state]) => (state === 'FAILED' ? [key] : []));
    return failed.map((key) => key.split(' ').at(-1) as SagaAction).filter((step) => step !== 'notifyCustomer');
  }
}
