import type { Caller } from '../domain/caller.ts';

/** A request to the API that comes from this process, for a caller who is known already. */
export interface InnerCall {
  readonly caller: Caller;
  /** Whether it reads a part of something whose read is on record. */
  readonly isPartOfRead: boolean;
}

/** By the bindings that a request is handed to the app with: a request from outside has others, whatever it claims. */
const calls = new WeakMap<object, InnerCall>();

/** The bindings of a request that comes from this process; it needs no token, and whoever makes it limits its rate. */
export function bindInnerCall(call: InnerCall): object {
  const bindings = {};
  calls.set(bindings, call);
  return bindings;
}

/** The inner call that bindings stand for; `undefined` for a request from outside. */
export function innerCallOf(bindings: unknown): InnerCall | undefined {
  return typeof bindings === 'object' && bindings !== null ? calls.get(bindings) : undefined;
}
