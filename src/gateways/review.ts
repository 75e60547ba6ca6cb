import type { ReviewFacts, ReviewOutcome } from '../domain/order-review.ts';

/** What somebody is asked who reviews orders. */
export interface ReviewRequest extends ReviewFacts {
  readonly idempotencyKey: string;
}

/** Who says whether an order is to be accepted. Every failure is a `GatewayError`; each call makes one attempt. */
export interface ReviewGateway {
  /** Reviews an order once by the key; has no effect on anything but the reviewer's own records. */
  readonly review: (request: ReviewRequest) => Promise<ReviewOutcome>;
}
