import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers, type Payload } from '@temporalio/common';
import { REQUEST_ID } from '../domain/request-id.ts';
import type { KeyRing } from '../key-ring.ts';
import { currentRequest } from '../request-context.ts';
import { openPayload, payloadSealer } from './payload-codec.ts';

/** The memo of a workflow that is started for a request: the current one, unless another is given. */
export function requestMemo(given?: string | null): { readonly memo?: Record<string, unknown> } {
  const requestId = given ?? currentRequest()?.requestId;
  return requestId === undefined ? {} : { memo: { [REQUEST_ID]: requestId } };
}

/**
 * Sends the id of the current request with every update and signal, and with a start the one of its memo. With `keys` it is encrypted
 * here, since the SDK's codec leaves headers as they are.
 */
export function sendRequestId(keys: KeyRing | undefined): WorkflowClientInterceptor {
  const seal = keys ? payloadSealer(keys) : (payload: Payload) => payload;
  const withRequestId = <Input extends { readonly headers: Headers }>(input: Input, id: unknown): Input => {
    if (typeof id !== 'string') return input;
    return { ...input, headers: { ...input.headers, [REQUEST_ID]: seal(defaultPayloadConverter.toPayload(id)) } };
  };
  return {
    start: (input, next) => next(withRequestId(input, input.options.memo?.[REQUEST_ID])),
    startWithDetails: (input, next) => next(withRequestId(input, input.options.memo?.[REQUEST_ID])),
    startUpdate: (input, next) => next(withRequestId(input, currentRequest()?.requestId)),
    signal: (input, next) => next(withRequestId(input, currentRequest()?.requestId)),
  };
}

/**
 * Reads the id of a request from a header, as the workflow handed it on. Anybody who reaches Temporal may send a header: one that is no
 * text, or can't be decrypted, is none.
 */
export function readRequestId(header: Payload | undefined, keys: KeyRing | undefined): string | undefined {
  if (!header) return undefined;
  try {
    const id: unknown = defaultPayloadConverter.fromPayload(keys ? openPayload(keys, header) : header);
    return typeof id === 'string' ? id.slice(0, MAX_LENGTH) : undefined;
  } catch {
    return undefined;
  }
}

/** The longest id that the API takes. */
const MAX_LENGTH = 255;
