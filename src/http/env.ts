import type { Caller } from '../domain/caller.ts';

/** What every handler finds in its context. */
export interface ApiEnv {
  Variables: { requestId: string };
}

/** What a handler behind `allow` finds in its context. */
export interface CallerEnv extends ApiEnv {
  Variables: { requestId: string; caller: Caller };
}
