import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { Code, createContextValues } from '@connectrpc/connect';
import type { UniversalHandler, UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import { callKey, type Call } from './call.ts';
import type { GrpcDoor } from './door.ts';
import { openCall } from './open-call.ts';
import { isOpenToAll } from './router.ts';
import type { ReportCall } from './report-call.ts';

/** Answers one request of HTTP/2 by its handler, and reports the call when it is over. */
export async function answerCall(
  door: GrpcDoor,
  handler: UniversalHandler,
  report: ReportCall,
  [request, response]: readonly [Http2ServerRequest, Http2ServerResponse],
): Promise<void> {
  const call = isOpenToAll(handler.requestPath)
    ? undefined
    : openCall(door.access, request.headers, request.socket.remoteAddress);
  const asked = universalRequestFromNodeRequest(request, response, undefined, createContextValues().set(callKey, call));
  // Before the message is read: who may not call sends none.
  const isAdmitted = await call?.admission.then(
    () => true,
    () => false,
  );
  let answer: UniversalServerResponse | undefined;
  if (call) reportAtEnd(call, response, () => answer, report);
  answer = await handler(isAdmitted === false ? withoutMessage(asked) : asked);
  await universalResponseToNodeResponse(answer, response);
}

/** The handler then meets an empty message, and refuses the call in the protocol that it came in; JSON is read, since nothing is no JSON. */
function withoutMessage(request: UniversalServerRequest): UniversalServerRequest {
  const type = request.header.get('content-type') ?? '';
  if (!/^application\/grpc(-web)?(\+proto)?$/.test(type)) return request;
  return { ...request, body: emptyMessage() };
}

/** Of flags and length, all zero. */
async function* emptyMessage(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(5);
}

function reportAtEnd(
  call: Call,
  response: Http2ServerResponse,
  answer: () => UniversalServerResponse | undefined,
  report: ReportCall,
): void {
  let isWhole = false;
  response.once('finish', () => {
    isWhole = true;
  });
  response.once('close', () => {
    report(call, isWhole ? Number(answer()?.trailer?.get('grpc-status') ?? 0) : Code.Canceled);
  });
}
