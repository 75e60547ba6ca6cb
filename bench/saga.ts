import { type BenchReport, type BenchSettings, runBench } from './bench.ts';
import type { BenchedSystem } from './connect.ts';
import { startBare } from './contestants/bare.ts';
import type { Contestant } from './contestants/contestant.ts';
import { startPeers } from './contestants/peers.ts';
import { startTwin } from './contestants/twin.ts';
import { createOrderPlacer, seedCatalogue } from './orders.ts';
import { contestantNames } from './targets.ts';

/** Steps of an order that goes well. */
const STEPS = 4;

/** Measures the product in turn with its twin, with workflows of nothing but local steps, and with `withPeers` on other engines. */
export async function benchSaga(
  system: BenchedSystem,
  { withPeers, ...settings }: BenchSettings & { readonly withPeers: boolean },
): Promise<BenchReport> {
  await seedCatalogue(system.running.sandboxUrl);
  await using started = new AsyncDisposableStack();
  const contestants: Contestant[] = [
    {
      name: contestantNames.product,
      place: createOrderPlacer(system.api),
      isProduct: true,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  ];
  const add = (contestant: Contestant) => contestants.push(started.use(contestant));
  add(await startTwin(system));
  add(await startBare(system, STEPS));
  add(await startBare(system, 1));
  if (withPeers) for (const peer of await startPeers(system)) add(peer);
  return await runBench(system, contestants, settings);
}
