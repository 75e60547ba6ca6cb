import type { Caller } from '../domain/caller.ts';

/** What every handler finds in its context. */
export interface ApiEnv {
  Variables: { requestId: string };
}

/** What a handler behind `allow` finds in its context. */
export interface CallerEnv extends ApiEnv {
  /** `body`: the JSON of a request in pieces, on a route that doesn't have it read as a whole. */
  Variables: { requestId: string; caller: Caller; body?: AsyncIterable<Uint8Array> };
}
