import type { Context } from '@temporalio/activity';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { REQUEST_ID } from '../domain/request-id.ts';
import { runForRequest, type RequestContext } from '../request-context.ts';

/** Runs an activity for the request that its workflow serves, so that its log lines and its calls of services name it and its order. */
export function runActivityForRequest({ info }: Context): ActivityInterceptors {
  let request: RequestContext = { orderId: orderIdOf(info.workflowExecution?.workflowId) };
  return {
    inbound: {
      execute: (input, next) => {
        request = { ...request, requestId: requestIdOf(input.headers) };
        return runForRequest(request, () => next(input));
      },
    },
    outbound: {
      getLogAttributes: (input, next) => {
        const { requestId, orderId } = request;
        return next({
          ...input,
          ...(requestId !== undefined && { request_id: requestId }),
          ...(orderId !== undefined && { order_id: orderId }),
        });
      },
    },
  };
}

function orderIdOf(workflowId: string | undefined): string | undefined {
  return workflowId === undefined ? undefined : /^order-(.+)$/.exec(workflowId)?.[1];
}

/** Anybody who reaches Temporal may send a header: one that is no text is left out. */
function requestIdOf(headers: Headers): string | undefined {
  const payload = headers[REQUEST_ID];
  if (!payload) return undefined;
  try {
    const requestId: unknown = defaultPayloadConverter.fromPayload(payload);
    return typeof requestId === 'string' ? requestId.slice(0, MAX_LENGTH) : undefined;
  } catch {
    return undefined;
  }
}

/** The longest id that the API takes. */
const MAX_LENGTH = 255;
