import { AsyncLocalStorage } from 'node:async_hooks';

/** What something is done for: every log line names it, and so do calls of services and starts of workflows. */
export interface RequestContext {
  readonly requestId?: string | undefined;
  /** The trace that the request belongs to, as its `traceparent` has it. */
  readonly traceId?: string | undefined;
  readonly orderId?: string | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and all that it sets off, for this request. */
export function runForRequest<T>(request: RequestContext, work: () => T): T {
  return storage.run(request, work);
}

/** Runs `work` outside of the current request. For connections that many requests share: their log lines must not name the request that opened them. */
export function runOutsideRequest<T>(work: () => T): T {
  return storage.exit(work);
}

/** The request that the caller works for, if it works for one. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

const traceparent = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The trace id of a `traceparent` (https://www.w3.org/TR/trace-context/); `undefined` if it is none. */
export function traceIdOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : traceparent.exec(header)?.[1];
}
