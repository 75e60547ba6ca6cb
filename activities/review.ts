import type { ReviewingRules } from '../src/domain/order-rules.ts';
import type { ReviewOutcome } from '../src/domain/order-review.ts';
import {
  recordReview,
  recordReviewDecision,
  type ReviewDecisionRecord,
  type ReviewRecord,
} from '../src/orders/record-review.ts';
import { reviewOrder, type ReviewInput } from '../src/orders/review-order.ts';
import { throwActivityFailure } from './failures.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Reviewing orders before they are paid. */
export function reviewActivities(dependencies: ActivityDependencies, rules: ReviewingRules) {
  const reviewer = { db: dependencies.db, service: dependencies.gateways.review, rules: rules.review?.rules };
  const review = (input: ReviewInput): Promise<ReviewOutcome> => reviewOrder(reviewer, input);
  return {
    /**
     * Reviews an order, by the rules and by the review service. Key: `<order id>:review`, and `<order id>:review:<n>` with the nth payment
     * method. No compensation: it changes nothing but its own record. A rejection is a result: its reasons are recorded first.
     */
    reviewOrder: stepActivity('reviewOrder', dependencies, { run: review }),

    /** Reviews what an amendment makes of an order. Key: `<order id>:review:amend:<n>`. The same otherwise. */
    reviewAmendment: stepActivity('reviewAmendment', dependencies, {
      run: (input: ReviewInput & { readonly saga: string }) => review(input),
    }),

    /** Writes what a review came to, and that the order waits for a person if it does. Key: the record's. */
    recordReview: (record: ReviewRecord): Promise<void> =>
      recordReview(dependencies, record).catch(throwActivityFailure),

    /** Writes what was decided about an order that waited for a person. Key: the record's. */
    recordReviewDecision: (record: ReviewDecisionRecord): Promise<void> =>
      recordReviewDecision(dependencies, record).catch(throwActivityFailure),
  };
}
