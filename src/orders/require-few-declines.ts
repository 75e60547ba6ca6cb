import { refuseTooManyDeclines } from '../domain/decline-limits.ts';
import type { ChargingRules } from '../domain/order-rules.ts';
import { findExhaustingDeclinesInBatch, type DeclinesOf } from '../repositories/declines.ts';
import type { Db } from '../repositories/schema.ts';

/** What counting declines takes. */
export interface DeclineCounter {
  readonly db: Db;
  readonly rules: ChargingRules;
}

/** Throws RATE_LIMITED when so many charges of the order, or of the customer, were declined lately that no more are tried. */
export async function requireFewDeclines({ db, rules }: DeclineCounter, of: DeclinesOf): Promise<void> {
  const { declineLimits: limits } = rules;
  if (limits.perOrder === 0 && limits.perCustomer === 0) return;
  refuseTooManyDeclines(limits, await findExhaustingDeclinesInBatch(db, of, limits), new Date());
}
