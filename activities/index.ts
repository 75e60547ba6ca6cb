import { amendmentSteps } from './amendment-steps.ts';
import { amendmentActivities } from './amendment.ts';
import { auditActivities } from './audit.ts';
import { confirmationActivities } from './confirmation.ts';
import { importActivities } from './imports.ts';
import { inventoryActivities } from './inventory.ts';
import { notificationActivities } from './notification.ts';
import { paymentActivities } from './payment.ts';
import { projectionActivities } from './projection.ts';
import { reconciliationActivities, type Reconcile } from './reconciliation.ts';
import { returnActivities } from './returns.ts';
import { shipmentActivities } from './shipment.ts';
import type { ActivityDependencies } from './step-activity.ts';
import type { AmendmentRules, ChargingRules } from '../src/domain/order-rules.ts';
import type { PlaceImportOrder } from '../src/imports/place-import-order.ts';

export type { PlaceImportOrder } from '../src/imports/place-import-order.ts';
export type { ActivityDependencies } from './step-activity.ts';

/** What only the rest of the product knows how to do, and activities set off. */
export interface InjectedWork {
  readonly reconcile: Reconcile;
  readonly placeImportOrder: PlaceImportOrder;
}

/** Every activity of the worker, by the name under which workflows call it. */
export function createActivities(
  dependencies: ActivityDependencies,
  rules: AmendmentRules & ChargingRules,
  { reconcile, placeImportOrder }: InjectedWork,
) {
  return {
    ...inventoryActivities(dependencies),
    ...paymentActivities(dependencies, rules),
    ...confirmationActivities(dependencies),
    ...notificationActivities(dependencies),
    ...projectionActivities(dependencies),
    ...amendmentActivities(dependencies, rules),
    ...amendmentSteps(dependencies),
    ...shipmentActivities(dependencies),
    ...auditActivities(dependencies),
    ...returnActivities(dependencies),
    ...reconciliationActivities(reconcile),
    ...importActivities(dependencies, placeImportOrder),
  };
}

/** The activities as workflows see them. */
export type Activities = ReturnType<typeof createActivities>;
