import type { Verdict } from './invariants.ts';
import type { Life } from './live-order.ts';
import { findOrderId, buildPlaceRequest } from './order-client.ts';
import type { Random } from './random.ts';
import type { ChaosSystem } from './system.ts';
import type { Breach } from './evidence.ts';

const REPEATS = 20;

/** Repeats some requests, which must return the same order, and sends them with another body, which must be refused. */
export async function repeatRequests({ api }: ChaosSystem, lives: readonly Life[], random: Random): Promise<Verdict> {
  const accepted = lives.filter(({ orderIds }) => orderIds.size > 0);
  const chosen = random.shuffled(accepted).slice(0, REPEATS);
  const breaches: Breach[] = [];
  for (const { planned, orderIds } of chosen) {
    const [orderId] = orderIds;
    const again = await api(buildPlaceRequest(planned));
    const sameId = findOrderId(again) ?? (again.body as { id?: string } | undefined)?.id;
    if (sameId !== orderId) breaches.push({ orderId, what: `its repeated request returned ${again.status} ${sameId}` });
    const other = await api(buildPlaceRequest({ ...planned, body: { ...planned.body, payment_method: 'tok_other' } }));
    if (other.status !== 422) breaches.push({ orderId, what: `another body with its key returned ${other.status}` });
  }
  return { name: 'a repeated request returns the same order', checked: chosen.length, breaches };
}
