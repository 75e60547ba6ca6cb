import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http2';
import type { Access } from '../access/access.ts';
import { clientNetwork } from '../access/client-network.ts';
import { countRequest } from '../access/count-request.ts';
import { identifyCaller } from '../access/identify-caller.ts';
import { hasRole, type Caller } from '../domain/caller.ts';
import { maskCardNumbers } from '../domain/card-number.ts';
import { traceIdOf } from '../request-context.ts';
import type { Call } from './call.ts';

/** Opens a call by its metadata: who calls is looked up at once, and counted. */
export function openCall(access: Access, headers: IncomingHttpHeaders, remoteAddress: string | undefined): Call {
  const [path = ''] = (headers[':path'] ?? '').split('?', 1);
  const { traceparent: given, authorization } = headers;
  const traceparent = typeof given === 'string' ? given : undefined;
  const admission = admit(access, authorization, remoteAddress);
  // Whoever awaits it is told; a call that is refused for another reason doesn't.
  admission.catch(() => {});
  return {
    method: path.slice(path.lastIndexOf('/') + 1),
    path,
    requestId: requestIdOf(headers['x-request-id']),
    traceparent,
    traceId: traceIdOf(traceparent),
    startedAtMs: performance.now(),
    admission,
  };
}

async function admit(
  { authenticate, limiters }: Access,
  authorization: string | undefined,
  remoteAddress: string | undefined,
): Promise<Caller> {
  const caller = await identifyCaller(authenticate, authorization, () =>
    countRequest(limiters, 'failures', clientNetwork(remoteAddress)),
  );
  if (!hasRole(caller, ['service'])) await countRequest(limiters, 'user', caller.subject);
  return caller;
}

/** A call's id may come with it, and is kept in logs and records. */
function requestIdOf(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && /^[\w=-]{1,255}$/.test(given) ? maskCardNumbers(given) : randomUUID();
}
