import { Refusal } from './refusal.ts';

/** How many declined charges are let through within a time; 0 is no limit. */
export interface DeclineLimits {
  readonly perOrder: number;
  readonly perCustomer: number;
  readonly windowMs: number;
}

/** Whose declines are counted. */
export type DeclineScope = 'order' | 'customer';

/** The latest declines that use up each limit: when the first of them was; null where there are fewer. */
export type ExhaustingDeclines = Readonly<Record<DeclineScope, Date | null>>;

/** What the workflow is told in place of a decline code when the payment service is not even asked. */
export const TOO_MANY_DECLINES = 'TOO_MANY_DECLINES';

/** Too many charges were declined: whoever tries cards until one works is to be stopped before the payment service is asked. */
export class TooManyDeclinesRefusal extends Refusal {
  override readonly name = 'TooManyDeclinesRefusal';
  readonly scope: DeclineScope;
  readonly limit: number;
  readonly windowMs: number;
  /** Until one more charge is let through. */
  readonly waitMs: number;

  constructor(scope: DeclineScope, limit: number, { windowMs, waitMs }: { windowMs: number; waitMs: number }) {
    super(
      'RATE_LIMITED',
      `${limit} payments of this ${scope} were declined: wait before another payment method is tried.`,
    );
    this.scope = scope;
    this.limit = limit;
    this.windowMs = windowMs;
    this.waitMs = waitMs;
  }
}

/** Throws {@link TooManyDeclinesRefusal} when a limit is used up. */
export function refuseTooManyDeclines(limits: DeclineLimits, declines: ExhaustingDeclines, now: Date): void {
  const { windowMs } = limits;
  const limitOf = { order: limits.perOrder, customer: limits.perCustomer };
  for (const scope of ['order', 'customer'] as const) {
    const first = declines[scope];
    const waitMs = first ? first.getTime() + windowMs - now.getTime() : 0;
    if (waitMs > 0) throw new TooManyDeclinesRefusal(scope, limitOf[scope], { windowMs, waitMs });
  }
}
