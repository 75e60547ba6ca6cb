import type { ReconcileReport } from '../../domain/reconcile-report.ts';
import { claimOrdersToReconcile, findOpenOrders, type OrderSummary } from '../../repositories/reconciliation.ts';
import { reconcileImports } from '../relay-imports.ts';
import { relayBatch } from '../relay.ts';
import type { ReconcilerDependencies } from './dependencies.ts';
import { findKilledOrders } from './find-killed-orders.ts';
import { reconcileOrder, type Finding } from './reconcile-order.ts';

/** Orders looked at in a pass: two thousand look-ups in the engine take it a few seconds, once a minute. */
const BATCH = 1_000;

/** Look-ups under way at once: a background task leaves the engine to the orders. */
const CONCURRENCY = 8;

/**
 * One pass: starts what was never started, takes up or compensates orders whose workflow was killed or is missing, and repairs
 * projections that differ from theirs, and publishes what the outbox still holds. With `everything` it goes on until it has looked at each order. Can be run at any time,
 * by several at once, beside live traffic.
 */
export async function reconcile(
  dependencies: ReconcilerDependencies,
  { everything }: { everything: boolean },
): Promise<ReconcileReport> {
  // Between two passes the relay goes on anyway.
  const started = everything ? await relayEverything(dependencies) : await relayBatch(dependencies);
  await reconcileImports(dependencies);
  const findings: Finding[] = [];
  const killed = await findOpenOrders(dependencies.db, await findKilledOrders(dependencies.engine));
  findings.push(...(await lookAt(dependencies, killed)));
  const begun = new Date();
  for (;;) {
    const batch = await claimOrdersToReconcile(dependencies.db, BATCH, begun);
    findings.push(...(await lookAt(dependencies, batch)));
    if (!everything || batch.length === 0) break;
  }
  return toReport(findings, started, await dependencies.publishOutbox());
}

async function relayEverything(dependencies: ReconcilerDependencies): Promise<number> {
  let total = 0;
  for (;;) {
    const started = await relayBatch(dependencies);
    total += started;
    if (started === 0) return total;
  }
}

async function lookAt(dependencies: ReconcilerDependencies, orders: readonly OrderSummary[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const waiting = orders.values();
  const next = async () => {
    for (const order of waiting) {
      try {
        findings.push(await reconcileOrder(dependencies, order));
      } catch (error) {
        dependencies.logger.warn({ err: error, order_id: order.id }, 'order not reconciled');
        findings.push({ outcome: 'busy' });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, next));
  for (const finding of findings) if ('what' in finding) dependencies.logger.warn(finding, 'order reconciled');
  return findings;
}

function toReport(findings: readonly Finding[], started: number, published: number): ReconcileReport {
  const count = (outcome: Finding['outcome']) => findings.filter((finding) => finding.outcome === outcome).length;
  return {
    looked_at: findings.length,
    started,
    taken_up: count('taken up'),
    compensating: count('compensating'),
    repaired: count('repaired'),
    published,
    busy: count('busy'),
    orders: findings.flatMap((finding) =>
      'what' in finding ? [{ order_id: finding.orderId, outcome: finding.outcome, what: finding.what }] : [],
    ),
  };
}
