import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpRequest } from '../replay/http-client.ts';
import { readProducts } from '../replay/read-system.ts';
import type { KafkaBroker } from '../kafka/start-kafka.ts';
import type { EventReceiver } from './receive-events.ts';
import { freezeProcesses } from './freeze-processes.ts';
import { disrupt, type Disruption } from './disrupt.ts';
import { checkInvariants, type Verdict } from './invariants.ts';
import { checkTopics, killBroker } from './kill-broker.ts';
import { liveOrder, type Life } from './live-order.ts';
import type { Plan } from './plan.ts';
import type { Freezable } from './plan-freezes.ts';
import { createRandom } from './random.ts';
import { readEverything, type Reading } from './read-everything.ts';
import { measureRecoveries } from './recovery.ts';
import { repeatRequests } from './repeat-requests.ts';
import { seedCatalogue } from './seed-catalogue.ts';
import { settle, type Settled } from './settle.ts';
import type { ChaosSystem } from './system.ts';

/** The result of a run. */
export interface ChaosResult {
  readonly lives: readonly Life[];
  readonly now: Reading;
  readonly disruption: Disruption;
  /** How often the broker was killed. */
  readonly brokerKills: number;
  readonly freezes: Readonly<Partial<Record<Freezable, number>>>;
  readonly settled: Settled;
  /** How long after a kill of the worker the next order changed, in milliseconds, ascending. */
  readonly recoveries: readonly number[];
  readonly verdicts: readonly Verdict[];
}

/** Requests that the API answered with a 5xx other than 503. */
type ServerErrors = readonly { readonly request: HttpRequest; readonly status: number }[];

/** Observations during the run; read at its end. */
export interface Observations {
  readonly serverErrors: ServerErrors;
  readonly received: EventReceiver['received'];
  /** Where events go as well. */
  readonly broker?: KafkaBroker | undefined;
}

/** Runs the whole plan on a new system and checks the promises. */
export async function runChaos(
  system: ChaosSystem,
  plan: Plan,
  { serverErrors, received, broker }: Observations,
): Promise<ChaosResult> {
  await seedCatalogue(system.sandbox, plan.products);
  const stockAtStart = new Map((await readProducts(system.sandbox)).map(({ sku, stock }) => [sku, stock]));

  const living = Promise.all(
    plan.orders.map(async (order) => {
      await sleep(order.atMs);
      return liveOrder(system, order);
    }),
  );
  const [disruption, brokerKills, freezes] = await Promise.all([
    disrupt(system, plan),
    broker === undefined ? 0 : killBroker(broker, createRandom(plan.kills.length), plan.durationMs),
    freezeProcesses(system, plan.freezes),
  ]);
  const settled = await settle(system, living);
  const lives = await living;

  const repeats = await repeatRequests(system, lives, createRandom(plan.orders.length));
  const now = await readEverything(system);
  const errors: Verdict = {
    name: 'the API answers 503 and no other 5xx',
    checked: lives.length,
    breaches: serverErrors.map(({ request, status }) => ({ what: `${request.method} ${request.path}: ${status}` })),
  };
  const inTopics = broker === undefined ? [] : [await checkTopics(broker, now)];
  const isCapturedLater = plan.settings['PAYMENT_CAPTURE'] === 'shipment';
  const promises = checkInvariants({ lives, stockAtStart, now, received, isCapturedLater });
  const verdicts = [...promises, ...inTopics, repeats, errors];
  const recoveries = await measureRecoveries(system, disruption.killed);
  return { lives, now, disruption, brokerKills, freezes, settled, recoveries, verdicts };
}
