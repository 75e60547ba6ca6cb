import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { REQUEST_ID } from '../domain/request-id.ts';
import { currentRequest } from '../request-context.ts';

/** The memo of a workflow that is started for a request: the current one, unless another is given. */
export function requestMemo(given?: string | null): { readonly memo?: Record<string, unknown> } {
  const requestId = given ?? currentRequest()?.requestId;
  return requestId === undefined ? {} : { memo: { [REQUEST_ID]: requestId } };
}

/** Sends the id of the current request with every update and signal. */
export const sendRequestId: WorkflowClientInterceptor = {
  startUpdate: (input, next) => next({ ...input, headers: withRequestId(input.headers) }),
  signal: (input, next) => next({ ...input, headers: withRequestId(input.headers) }),
};

function withRequestId(headers: Headers): Headers {
  const requestId = currentRequest()?.requestId;
  return requestId === undefined ? headers : { ...headers, [REQUEST_ID]: defaultPayloadConverter.toPayload(requestId) };
}
