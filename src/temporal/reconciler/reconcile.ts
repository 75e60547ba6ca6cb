import type { ReconcileReport } from '../../domain/reconcile-report.ts';
import { countMetric } from '../../metrics/record-metrics.ts';
import { RECONCILER_PASS, writeSnapshot } from '../../repositories/metric-snapshots.ts';
import { claimOrdersToReconcile, findOpenOrders, type OrderSummary } from '../../repositories/reconciliation.ts';
import { reconcileImports } from '../relay-imports.ts';
import { relayBatch } from '../relay.ts';
import { reconcileResolutions } from '../resolution-client.ts';
import type { ReconcilerDependencies } from './dependencies.ts';
import { findFailingOrders } from './find-failing-orders.ts';
import { findKilledOrders } from './find-killed-orders.ts';
import { pruneTables } from './prune-tables.ts';
import { removeRuns } from './remove-runs.ts';
import { reconcileOrder, type Finding } from './reconcile-order.ts';

/** Orders that a pass compares: reading two thousand workflows takes a few seconds, once a minute. */
const BATCH = 1_000;

/** Workflows read at the same time: a background task leaves Temporal to the orders. */
const CONCURRENCY = 8;

/**
 * One pass: starts what was never started, resumes or compensates orders whose workflow was killed or is missing, marks those whose
 * workflow tasks fail, repairs projections that differ from their workflows, publishes what the outbox still holds, and removes what is older than it is kept. With
 * `everything` it goes on until it has compared each order and removed all that may go. Can be run at any time, by several at once, beside live traffic.
 */
export async function reconcile(
  dependencies: ReconcilerDependencies,
  options: { everything: boolean },
): Promise<ReconcileReport> {
  try {
    const report = await makePass(dependencies, options);
    await writeSnapshot(dependencies.db, RECONCILER_PASS, null);
    countMetric('reconciler_passes_total', { outcome: 'ok' });
    return report;
  } catch (error) {
    countMetric('reconciler_passes_total', { outcome: 'failed' });
    throw error;
  }
}

async function makePass(
  dependencies: ReconcilerDependencies,
  { everything }: { everything: boolean },
): Promise<ReconcileReport> {
  // One batch is enough for a regular pass: the relay runs all the time.
  const started = everything ? await relayEverything(dependencies) : (await relayBatch(dependencies)).started;
  await reconcileImports(dependencies);
  await reconcileResolutions(dependencies);
  const findings: Finding[] = [];
  const { db, temporal } = dependencies;
  const inTrouble = [...(await findKilledOrders(temporal)), ...(await findFailingOrders(temporal))];
  findings.push(...(await compareOrders(dependencies, await findOpenOrders(db, inTrouble))));
  const startedAt = new Date();
  for (;;) {
    const batch = await claimOrdersToReconcile(db, BATCH, startedAt);
    findings.push(...(await compareOrders(dependencies, batch)));
    if (!everything || batch.length === 0) break;
  }
  await pruneTables(dependencies, { everything });
  await removeRuns(dependencies).catch((error: unknown) => {
    dependencies.logger.warn({ err: error }, 'runs that say nothing any more not removed');
  });
  return toReport(findings, started, await dependencies.publishOutbox());
}

async function relayEverything(dependencies: ReconcilerDependencies): Promise<number> {
  let total = 0;
  for (;;) {
    const { started } = await relayBatch(dependencies);
    total += started;
    if (started === 0) return total;
  }
}

async function compareOrders(
  dependencies: ReconcilerDependencies,
  orders: readonly OrderSummary[],
): Promise<Finding[]> {
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
    needs_attention: count('needs attention'),
    published,
    busy: count('busy'),
    orders: findings.flatMap((finding) =>
      'what' in finding ? [{ order_id: finding.orderId, outcome: finding.outcome, what: finding.what }] : [],
    ),
  };
}
