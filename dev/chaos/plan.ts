import { type PlannedFault, planFaults } from './plan-faults.ts';
import { type PlannedFreeze, planFreezes } from './plan-freezes.ts';
import { type PlannedKill, planKills, type Victim } from './plan-kills.ts';
import { type PlannedOrder, planOrders, planProducts, type PlannedProduct } from './plan-orders.ts';
import { createRandom } from './random.ts';

/** The size of a run. */
export interface ChaosSize {
  readonly orders: number;
  readonly minutes: number;
  readonly seed: number;
  /** What is killed; by default everything. */
  readonly kill?: readonly Victim[];
  /** Whether events go to Kafka as well, whose broker is killed too. */
  readonly kafka?: boolean;
  /** Whether processes are frozen as well, with a second worker that takes over. */
  readonly freeze?: boolean;
}

/** All that is drawn before the run; times in milliseconds from the first order. */
export interface Plan {
  readonly durationMs: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly products: readonly PlannedProduct[];
  readonly orders: readonly PlannedOrder[];
  readonly faults: readonly PlannedFault[];
  readonly kills: readonly PlannedKill[];
  readonly freezes: readonly PlannedFreeze[];
}

/** Draws the whole plan; the same size and seed give the same plan. */
export function drawPlan({ orders, minutes, seed, kill, freeze = false }: ChaosSize): Plan {
  const random = createRandom(seed);
  const durationMs = Math.round(minutes * 60_000);
  const products = planProducts(random, orders);
  return {
    durationMs,
    settings: planSettings(random),
    products,
    orders: planOrders(random, { count: orders, durationMs, seed, products }),
    faults: planFaults(random, durationMs),
    kills: planKills(random, durationMs, kill),
    freezes: freeze ? planFreezes(random, durationMs) : [],
  };
}

/** Short time limits, so that a run of minutes covers what otherwise takes hours. */
function planSettings({ pick }: ReturnType<typeof createRandom>): Record<string, string> {
  return {
    // Short holds expire while orders wait for a service; with long ones, a hold that is never released is found.
    RESERVATION_TTL: pick(['10s', '30m']),
    // With a small cache, workflows are often replayed from their beginning.
    WORKFLOW_CACHE_SIZE: pick(['5', '1000']),
    PAYMENT_RETRY_WINDOW: '10s',
    AMEND_WINDOW: pick(['0', '4s']),
    // Long enough for a restart, short enough that an unavailable service parks orders.
    STEP_PATIENCE: '12s',
    RECONCILE_INTERVAL: '5s',
    // Payments are charged at once, or authorised and captured before their orders are confirmed, or as their goods are shipped.
    ...pick<Record<string, string>>([{}, { PAYMENT_CAPTURE: 'confirm' }, { PAYMENT_CAPTURE: 'shipment' }]),
  };
}
