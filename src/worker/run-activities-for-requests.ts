import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors, ActivityInterceptorsFactory } from '@temporalio/worker';
import { orderIdOf } from '../domain/order.ts';
import { REQUEST_ID } from '../domain/request-id.ts';
import type { KeyRing } from '../key-ring.ts';
import { runForRequest, type RequestContext } from '../request-context.ts';
import { readRequestId } from '../temporal/request-id.ts';

/** Runs each activity for the request that its workflow serves, so that its log lines and its calls of services name it and its order. */
export function runActivitiesForRequests(keys: KeyRing | undefined): ActivityInterceptorsFactory {
  return ({ info }: Context): ActivityInterceptors => {
    let request: RequestContext = { orderId: orderIdOf(info.workflowExecution?.workflowId) };
    return {
      inbound: {
        execute: (input, next) => {
          request = { ...request, requestId: readRequestId(input.headers[REQUEST_ID], keys) };
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
  };
}
