import { createContextKey } from '@connectrpc/connect';
import type { RequestErrorCode } from '../access/request-error.ts';
import type { Caller } from '../domain/caller.ts';

/** One call, from its headers to its end; what is logged of it is written down as it becomes known. */
export interface Call {
  /** Such as `GetOrder`. */
  readonly method: string;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly traceId: string | undefined;
  /** Such as `/orders.v1.OrderService/GetOrder`. */
  readonly path: string;
  readonly startedAtMs: number;
  /** Who calls; rejects before the message is read, by the metadata alone. */
  readonly admission: Promise<Caller>;
  caller?: Caller;
  /** The order that the call names, placed, or failed with. */
  order?: string;
  /** Our code of a refusal. */
  reason?: RequestErrorCode;
  /** Of a stream: after how long it was open. */
  openedAfterMs?: number;
}

/** What a call came with beside its message. */
export interface CallMetadata {
  readonly requestHeader: { readonly get: (name: string) => string | null };
  /** How much of the caller's deadline is left. */
  readonly timeoutMs: () => number | undefined;
  /** Aborts when the caller has left. */
  readonly signal: AbortSignal;
}

/** Where a handler of Connect finds its call. */
export const callKey = createContextKey<Call | undefined>(undefined);
