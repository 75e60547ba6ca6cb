import type { AmendmentPlan } from '../src/domain/amendment.ts';
import type { AmendItemsCommand } from '../src/domain/messages.ts';
import type { AmendmentRules } from '../src/domain/order-rules.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import { planAmendment } from '../src/orders/plan-amendment.ts';
import { recordAmendment, type AmendmentRecord } from '../src/orders/record-amendment.ts';
import { refundLateCharges } from '../src/orders/refund-late-charges.ts';
import { recordShortage, type Shortage } from '../src/orders/record-shortage.ts';
import { throwActivityFailure } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** Changing what was ordered: the decision, and how it ended. */
export function amendmentActivities(dependencies: ActivityDependencies, rules: AmendmentRules) {
  return {
    /**
     * Decides what an amendment makes of the order and puts it on record; nothing else is done yet. Key: the command's id.
     * Refused: NOT_POSSIBLE, CUSTOMER_REFUSED, VERSION_CONFLICT, TRANSITION_NOT_ALLOWED.
     */
    planAmendment: (input: { orderId: string; command: AmendItemsCommand }): Promise<AmendmentPlan> =>
      planAmendment(dependencies, input, rules).catch(throwActivityFailure),

    /**
     * Writes how the amendment ended; returns the status that the order has afterwards. Key: the amendment's number. Once it has failed,
     * what the payment service has reported as charged for it meanwhile is refunded.
     */
    recordAmendment: async (record: AmendmentRecord): Promise<{ status: OrderStatus }> => {
      const status = await recordAmendment(dependencies, record).catch(throwActivityFailure);
      if (record.state === 'FAILED') {
        await refundLateCharges(dependencies, record.orderId).catch(throwActivityFailure);
      }
      return { status };
    },

    /** Lets an order that is out of stock wait for an amendment. Key: the shortage's. */
    recordShortage: (shortage: Shortage): Promise<void> =>
      recordShortage(dependencies, shortage).catch(throwActivityFailure),
  };
}
