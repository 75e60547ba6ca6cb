import type { OrderDetails } from '../order/order-details.ts';
import { may, type View } from '../view.ts';
import { addNoteAction } from './add-note.ts';
import { amendItemAction } from './amend-item.ts';
import { cancelAction } from './cancel.ts';
import { changeStatusAction } from './change-status.ts';
import { closeDisputeAction } from './close-dispute.ts';
import { correctTrackingAction } from './correct-tracking.ts';
import { decideReviewAction } from './decide-review.ts';
import type { OrderAction } from './order-action.ts';
import { refundAmountAction } from './refund-amount.ts';
import { resolveStepAction } from './resolve-step.ts';
import { retryPaymentAction } from './retry-payment.ts';
import { returnItemsAction } from './return-items.ts';
import { sendMessageAction } from './send-message.ts';
import { shipItemsAction } from './ship-items.ts';

/** Everything that staff can do to an order; what is most urgent where it is offered comes first. */
export const orderActions: readonly OrderAction[] = [
  resolveStepAction,
  decideReviewAction,
  closeDisputeAction,
  changeStatusAction,
  shipItemsAction,
  correctTrackingAction,
  amendItemAction,
  returnItemsAction,
  refundAmountAction,
  retryPaymentAction,
  sendMessageAction,
  cancelAction,
  addNoteAction,
];

/** What the viewer may do to the order as it stands. */
export function offeredActions(details: OrderDetails, view: View): OrderAction[] {
  return orderActions.filter(({ roles, isOffered }) => may(view, roles) && isOffered(details));
}
