import type { Caller } from '../domain/caller.ts';
import { invalidRequest } from '../domain/refusal.ts';
import { findDisputes } from '../repositories/disputes.ts';
import type { OrderDependencies } from './dependencies.ts';
import { recordDispute } from './record-dispute.ts';

/** How a dispute ended, as an operator says. */
export interface ClosedDispute {
  readonly orderId: string;
  readonly disputeId: string;
  readonly isWon: boolean;
  readonly reason: string;
}

/**
 * Closes an open dispute as an operator says that it was decided, with their name and reason in the history; a repeat changes nothing.
 * Throws VALIDATION for one that the order doesn't have, that was decided otherwise, or whose amount isn't left to refund.
 */
export async function closeDispute(
  dependencies: Pick<OrderDependencies, 'db' | 'announcer' | 'logger' | 'commands'>,
  { actor }: Caller,
  { orderId, disputeId, isWon, reason }: ClosedDispute,
): Promise<void> {
  const known = (await findDisputes(dependencies.db, orderId)).find((one) => one.disputeId === disputeId);
  if (!known) throw invalidRequest([{ pointer: '/dispute_id', message: 'the order has no such dispute' }]);
  const outcome = await recordDispute(dependencies, { ...known, state: isWon ? 'WON' : 'LOST' }, { actor, reason });
  if (outcome.state === 'APPLIED' || outcome.state === 'IGNORED') return;
  throw invalidRequest([{ pointer: '/outcome', message: outcome.reason ?? 'can not be so now' }]);
}
