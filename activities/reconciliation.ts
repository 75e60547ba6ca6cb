import type { ReconcileReport } from '../src/domain/reconcile-report.ts';
import { startHeartbeat } from './heartbeat.ts';

/** A pass of the reconciler, which the worker brings with it. */
export type Reconcile = () => Promise<ReconcileReport>;

/** Finding what fell through. */
export function reconciliationActivities(reconcile: Reconcile) {
  return {
    /** One pass over the orders at which nobody has looked for longest. Key: none needed, two passes at once do no harm. */
    reconcileOrders: async (): Promise<ReconcileReport> => {
      const stopHeartbeat = startHeartbeat();
      try {
        return await reconcile();
      } finally {
        stopHeartbeat();
      }
    },
  };
}
