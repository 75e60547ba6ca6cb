import { allStepsActivities } from './all-steps.ts';
import { amendmentSteps } from './amendment-steps.ts';
import { amendmentActivities } from './amendment.ts';
import { auditActivities } from './audit.ts';
import { confirmationActivities } from './confirmation.ts';
import { createConfirmedOrders } from './confirmed-orders.ts';
import { importActivities, type ImportWork } from './imports.ts';
import { inventoryActivities } from './inventory.ts';
import { notificationActivities, type MessageRules } from './notification.ts';
import { paymentActivities } from './payment.ts';
import { paymentReportActivities } from './payment-reports.ts';
import { projectionActivities } from './projection.ts';
import { reconciliationActivities, type Reconcile } from './reconciliation.ts';
import { amountRefundActivities } from './amount-refunds.ts';
import { renewalActivities } from './renew-payment.ts';
import { reviewActivities } from './review.ts';
import { returnActivities } from './returns.ts';
import { sagaResolutionActivities } from './saga-resolutions.ts';
import { shipmentActivities } from './shipment.ts';
import type { ActivityDependencies } from './step-activity.ts';
import type { AmendmentRules, PayingRules, ReviewingRules } from '../src/domain/order-rules.ts';
import type { PlaceImportOrder } from '../src/imports/place-import-order.ts';
import { authorisationActivities } from './authorisation.ts';
import { captureActivities } from './capture-shipment.ts';
import type { DecisionDependencies } from '../src/orders/decide-parked-steps.ts';

export type { PlaceImportOrder } from '../src/imports/place-import-order.ts';
export type { ActivityDependencies } from './step-activity.ts';

/** What only the rest of the product knows how to do, and activities set off. */
export interface InjectedWork {
  readonly reconcile: Reconcile;
  readonly placeImportOrder: PlaceImportOrder;
  /** Sends an operator's decisions to orders, and starts workflows of orders that are taken in. */
  readonly commands: DecisionDependencies['commands'] & ImportWork['commands'];
  /** How old a movement has to be to be compared with the payment service's list. */
  readonly paymentReconcileGraceMs?: number;
  /** Tells the time in milliseconds, unless it is the machine's. */
  readonly now?: () => number;
}

/** Every activity of the worker, by the name under which workflows call it. */
export function createActivities(
  dependencies: ActivityDependencies,
  rules: AmendmentRules & PayingRules & MessageRules & ReviewingRules,
  { reconcile, placeImportOrder, commands, paymentReconcileGraceMs = 0, now = Date.now }: InjectedWork,
) {
  const confirmed = createConfirmedOrders();
  const paying = { ...dependencies, actionWindowMs: rules.paymentActionWindowMs };
  const steps = {
    ...inventoryActivities(dependencies),
    ...reviewActivities(dependencies, rules),
    ...paymentActivities(paying, rules),
    ...authorisationActivities(paying, rules),
    ...confirmationActivities(dependencies, confirmed),
    ...notificationActivities(dependencies, rules, confirmed),
  };
  return {
    ...steps,
    ...allStepsActivities(steps, now),
    ...projectionActivities(dependencies),
    ...amendmentActivities(dependencies, rules),
    ...amendmentSteps(paying),
    ...captureActivities(paying),
    ...renewalActivities(paying, rules),
    ...shipmentActivities(dependencies),
    ...auditActivities(dependencies),
    ...returnActivities(dependencies),
    ...amountRefundActivities(dependencies),
    ...reconciliationActivities(reconcile),
    ...importActivities(dependencies, { placeOrder: placeImportOrder, commands }),
    ...paymentReportActivities({ ...dependencies, graceMs: paymentReconcileGraceMs }),
    ...sagaResolutionActivities({ db: dependencies.db, commands }),
  };
}

/** The activities as workflows see them. */
export type Activities = ReturnType<typeof createActivities>;
