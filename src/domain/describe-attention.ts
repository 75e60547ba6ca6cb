import { describeResolution } from './describe-resolution.ts';
import { resolutions } from './messages.ts';
import type { SagaAction } from './saga.ts';

/** What somebody has to do about an order's step that is parked, for whoever is told by an event. */
export function describeDecision(orderId: string, step: SagaAction): string {
  const choices = resolutions.map((action) => `"${action}" ${describeResolution(step, action)}`);
  return `Decide by POST /api/v1/orders/${orderId}/saga/${step} with an "action" and a "reason": ${choices.join('; ')}.`;
}

/**
 * What is wrong with an order that waits for its review, and what somebody has to do, for whoever is told by an event. The reasons are
 * not told: customers hear of events as well.
 */
export function describeReview(orderId: string, until: string) {
  return {
    problem: `the order waits for a person to review it, until ${until}`,
    what_to_do: `See why at GET /api/v1/orders/${orderId}/review, and decide by POST there with a "decision", approve or reject, and a "reason".`,
  };
}

/** The same where it is not known which step is parked. */
export function describeUnknownDecision(orderId: string): string {
  return `See at GET /api/v1/orders/${orderId}/saga which step waits, and decide by POST /api/v1/orders/${orderId}/saga/{step}.`;
}
