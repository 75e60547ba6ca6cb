import { describeResolution } from './describe-resolution.ts';
import { resolutions } from './messages.ts';
import type { SagaAction } from './saga.ts';

/** What somebody has to do about an order's step that is parked, for whoever is told by an event. */
export function describeDecision(orderId: string, step: SagaAction): string {
  const choices = resolutions.map((action) => `"${action}" ${describeResolution(step, action)}`);
  return `Decide by POST /api/v1/orders/${orderId}/saga/${step} with an "action" and a "reason": ${choices.join('; ')}.`;
}

/** The same where it is not known which step is parked. */
export function describeUnknownDecision(orderId: string): string {
  return `See at GET /api/v1/orders/${orderId}/saga which step waits, and decide by POST /api/v1/orders/${orderId}/saga/{step}.`;
}
