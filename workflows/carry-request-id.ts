import { defaultPayloadConverter, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import type { Headers, Payload } from '@temporalio/common';
import { REQUEST_ID } from '../src/domain/request-id.ts';

/** The id of a request, and the same as a header carries it. */
interface CarriedRequest {
  readonly id: string;
  readonly header: Payload;
}

/**
 * Passes the id of the request that a workflow serves on to its activities and log lines: that of the request which started it, and from
 * then on that of the latest command. It decides nothing.
 */
export function interceptors(): WorkflowInterceptors {
  let request: CarriedRequest | undefined;
  const hear = (headers: Headers) => {
    request = toRequest(read(headers[REQUEST_ID])) ?? request;
  };
  // The memo is not known before the workflow begins.
  const find = () => (request ??= toRequest(workflowInfo().memo?.[REQUEST_ID]));
  const carry = <Input extends { readonly headers: Headers }>(input: Input): Input => {
    const found = find();
    return found ? { ...input, headers: { ...input.headers, [REQUEST_ID]: found.header } } : input;
  };
  return {
    inbound: [
      {
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
        getLogAttributes: (input, next) => {
          const found = find();
          return next(found ? { ...input, [REQUEST_ID]: found.id } : input);
        },
      },
    ],
  };
}

function toRequest(id: unknown): CarriedRequest | undefined {
  return typeof id === 'string' ? { id, header: defaultPayloadConverter.toPayload(id) } : undefined;
}

/** Anybody who reaches Temporal may send a header. One that can't be read must not fail the workflow's tasks. */
function read(header: Payload | undefined): unknown {
  try {
    return header && defaultPayloadConverter.fromPayload(header);
  } catch {
    return undefined;
  }
}
