import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { ConnectError } from '@connectrpc/connect';
import { isAuditedAction, isAuditedRead } from '../access/audited.ts';
import { refuseWithoutRole } from '../access/identify-caller.ts';
import { toRequestError } from '../access/to-request-error.ts';
import type { Caller, Role } from '../domain/caller.ts';
import { forgetOrderCopies } from '../orders/forget-order-copies.ts';
import { runForRequest } from '../request-context.ts';
import { orderFields } from '../access/order-fields.ts';
import { aboutOrder, inSpan, type DescribeSpan } from '../tracing/trace.ts';
import { createAuditor, type Auditor } from './audit-call.ts';
import type { Call, CallMetadata } from './call.ts';
import type { GrpcDoor } from './door.ts';
import { readMessage, type PlainRequest } from './read-message.ts';
import { httpStatusOf, statusOf } from './status-of.ts';

/** What holds of a method whatever it does. */
export interface MethodRules {
  /** As the audit log and the OpenAPI document name the operation. */
  readonly operation: string;
  readonly roles: readonly Role[];
  /** Whether it may change something, or only reads. */
  readonly isAction: boolean;
  /** Whether it is about one order, which the request names. */
  readonly toOne: boolean;
}

/** What a method works with. */
export interface CallContext {
  readonly call: Call;
  readonly caller: Caller;
  readonly request: PlainRequest;
  readonly metadata: CallMetadata;
}

/** What a method answers, the order that it is about, and whether what was asked is still being carried out. */
export interface Outcome<Response> {
  readonly response: Response;
  readonly orderId?: string;
  readonly isUnderWay?: boolean;
}

/** Answers a call with a message that was read. Rejects with a `ConnectError`, which is a status of gRPC. */
export type Serve<Desc extends DescMessage, Response> = (
  message: MessageShape<Desc>,
  call: Call,
  metadata: CallMetadata,
) => Promise<Response>;

/** Makes of what a method does how it is served: its caller is let in, what has to be recorded is recorded, and then `work` runs. */
export type ServeCall = <Desc extends DescMessage, Response>(
  rules: MethodRules,
  schema: Desc,
  work: (context: CallContext) => Promise<Outcome<Response>>,
) => Serve<Desc, Response>;

/** Serves the calls of a door. */
export function createServeCall(door: GrpcDoor): ServeCall {
  const auditor = createAuditor(door.orders.db, door.logger);
  return (rules, schema, work) => async (message, call, metadata) => {
    const { requestId, traceId, traceparent } = call;
    const answer = async (describe: DescribeSpan) => {
      const caller = await admit(call, rules, auditor);
      const request = readMessage(schema, message);
      call.order = nameOfOrder(request);
      describe({ attributes: aboutOrder(orderFields(call.order).order_id) });
      return await carryOut(door, auditor, { rules, call, caller, request }, () =>
        work({ call, caller, request, metadata }),
      );
    };
    const attributes = { 'rpc.system': 'grpc', 'rpc.service': 'orders.v1.OrderService', 'rpc.method': call.method };
    const span = { name: call.path.slice(1), kind: 'server', parent: traceparent, attributes } as const;
    try {
      return await runForRequest({ requestId, traceId }, () => inSpan(span, answer));
    } catch (error) {
      throw refuse(door, call, error);
    }
  };
}

async function admit(call: Call, rules: MethodRules, auditor: Auditor): Promise<Caller> {
  const caller = await call.admission;
  call.caller = caller;
  const refusal = refuseWithoutRole(caller, rules.roles);
  if (!refusal) return caller;
  if (rules.isAction && isAuditedAction(caller, rules)) {
    const complete = await auditor.begin({ call, caller, operation: rules.operation, request: {} });
    await complete(httpStatusOf(refusal.code), undefined);
  }
  throw refusal;
}

interface AdmittedCall {
  readonly rules: MethodRules;
  readonly call: Call;
  readonly caller: Caller;
  readonly request: PlainRequest;
}

/** Does what is asked, and with it what belongs to every action or read: its record, and that its caller reads their own write. */
async function carryOut<Response>(
  door: GrpcDoor,
  auditor: Auditor,
  { rules, call, caller, request }: AdmittedCall,
  work: () => Promise<Outcome<Response>>,
): Promise<Response> {
  const { operation, isAction } = rules;
  const audited = { call, caller, operation, request };
  if (!isAction) {
    const { response, orderId } = await work();
    call.order = orderId ?? call.order;
    const ofCustomer = typeof request['customer_id'] === 'string' ? request['customer_id'] : undefined;
    if (isAuditedRead(caller, { ofCustomer })) await auditor.recordRead(audited);
    return response;
  }
  const isAudited = isAuditedAction(caller, rules);
  const complete = isAudited ? await auditor.begin(audited) : undefined;
  try {
    const { response, orderId, isUnderWay } = await work();
    call.order = orderId ?? call.order;
    await complete?.(isUnderWay ? 202 : 200, orderId);
    return response;
  } catch (error) {
    const { orderId, code } = toRequestError(error);
    call.order = orderId ?? call.order;
    await complete?.(httpStatusOf(code), orderId);
    throw error;
  } finally {
    await forget(door, call);
    // Before the answer: who has it may ask for a list at once, of another process too.
    await door.access.reader.noteWriter(caller.subject).catch(() => {});
  }
}

async function forget({ copies, orders }: GrpcDoor, { order }: Call): Promise<void> {
  if (copies && order !== undefined) await forgetOrderCopies(copies, orders.db, order);
}

function nameOfOrder({ order_id: named }: PlainRequest): string | undefined {
  return typeof named === 'string' ? named : undefined;
}

/** The status of a refusal or failure, which is reported. */
export function refuse({ logger }: GrpcDoor, call: Call, cause: unknown): ConnectError {
  const { requestId } = call;
  const error = toRequestError(cause);
  call.reason = error.code;
  if (error.orderId !== undefined) call.order = error.orderId;
  const fields = {
    request_id: requestId,
    code: error.code,
    ...(error.orderId !== undefined && { order_id: error.orderId }),
  };
  if (error.code === 'INTERNAL' || error.code === 'UNAVAILABLE') {
    logger.error({ ...fields, err: error.cause ?? error }, 'request failed');
  } else logger.debug(fields, 'request refused');
  return statusOf(error, requestId);
}
