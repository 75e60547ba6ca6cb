import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { CheckedService } from '../../../src/config/service-settings.ts';

/** A call of a service. */
export interface ProxiedCall {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly authorization: string | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any -- a fault changes whatever the wire holds
  readonly body: any;
}

/** What it is answered. */
export interface ProxiedAnswer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  body: any;
}

/** How a service breaks one of its promises; `forward` lets the right service answer, as often as it likes. */
export type Fault = (
  call: ProxiedCall,
  forward: (more?: Partial<ProxiedCall>) => Promise<ProxiedAnswer>,
) => Promise<ProxiedAnswer>;

/** The service, the fault, the check that has to find it, and how the fault is made. */
export type FaultCase = readonly [service: CheckedService, what: string, check: string, fault: Fault];

/** Starts a service that is as right as the one at `target`, but for its fault. */
export async function startFaultyService(target: string, fault: Fault) {
  const server = createServer((request, response) => {
    void answer(request, target, fault)
      .catch((): ProxiedAnswer => ({ status: 500, body: { code: 'FAULTY' } }))
      .then(({ status, body }) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(body === undefined ? '' : JSON.stringify(body)),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, target: string, fault: Fault): Promise<ProxiedAnswer> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const { authorization, 'idempotency-key': key } = request.headers;
  const call: ProxiedCall = {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    key: typeof key === 'string' ? key : undefined,
    authorization,
    body: text === '' ? undefined : JSON.parse(text),
  };
  return fault(call, (more) => forward(target, { ...call, ...more }));
}

async function forward(target: string, { method, path, key, body }: ProxiedCall): Promise<ProxiedAnswer> {
  const response = await fetch(target + path, {
    method,
    headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
