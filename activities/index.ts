import { acceptanceActivities } from './acceptance.ts';
import { confirmationActivities } from './confirmation.ts';
import { inventoryActivities } from './inventory.ts';
import { notificationActivities } from './notification.ts';
import { paymentActivities } from './payment.ts';
import { projectionActivities } from './projection.ts';
import { reconciliationActivities, type Reconcile } from './reconciliation.ts';
import type { ActivityDependencies } from './step-activity.ts';

export type { ActivityDependencies } from './step-activity.ts';

/** Every activity of the worker, by the name under which workflows call it. */
export function createActivities(dependencies: ActivityDependencies, reconcile: Reconcile) {
  return {
    ...acceptanceActivities(),
    ...inventoryActivities(dependencies),
    ...paymentActivities(dependencies),
    ...confirmationActivities(dependencies),
    ...notificationActivities(dependencies),
    ...projectionActivities(dependencies),
    ...reconciliationActivities(reconcile),
  };
}

/** The activities as workflows see them. */
export type Activities = ReturnType<typeof createActivities>;
