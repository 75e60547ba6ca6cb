import type { WorkflowInterceptors } from '@temporalio/workflow';
import type { Headers, Payload } from '@temporalio/common';
import { REQUEST_ID } from '../src/domain/request-id.ts';

/**
 * Passes the id of the request that a workflow serves on to its activities, its log lines and the run after it: that of the request
 * which started it, and from then on that of the latest command. It may be encrypted: nothing here reads it, and it decides nothing.
 */
export function interceptors(): WorkflowInterceptors {
  let request: Payload | undefined;
  const hear = (headers: Headers) => {
    request = headers[REQUEST_ID] ?? request;
  };
  const carry = <Input extends { readonly headers: Headers }>(input: Input): Input =>
    request ? { ...input, headers: { ...input.headers, [REQUEST_ID]: request } } : input;
  return {
    inbound: [
      {
        execute: (input, next) => {
          hear(input.headers);
          return next(input);
        },
        handleUpdate: (input, next) => {
          hear(input.headers);
          return next(input);
        },
        handleSignal: (input, next) => {
          hear(input.headers);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(carry(input)),
        scheduleLocalActivity: (input, next) => next(carry(input)),
        continueAsNew: (input, next) => next(carry(input)),
        getLogAttributes: (input, next) => next(request ? { ...input, [REQUEST_ID]: request } : input),
      },
    ],
  };
}
