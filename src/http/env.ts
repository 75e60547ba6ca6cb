import type { Caller } from '../domain/caller.ts';

/** What every handler finds in its context. */
export interface ApiEnv {
  /** `orderId`: of the order that a refused request was about. */
  Variables: { requestId: string; orderId?: string };
}

/** What a handler behind `allow` finds in its context. */
export interface CallerEnv extends ApiEnv {
  /** `body`: the JSON of a request in pieces, on a route that doesn't have it read as a whole. */
  Variables: ApiEnv['Variables'] & { caller: Caller; body?: AsyncIterable<Uint8Array> };
}
