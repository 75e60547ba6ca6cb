import { once } from 'node:events';
import { Agent, createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that keeps its connections, takes one backend after the other, and tries no request twice. */
export interface Proxy {
  readonly url: string;
  readonly add: (backend: string) => void;
  readonly remove: (backend: string) => void;
  readonly close: () => void;
}

/** Starts it on a free port, without a backend. */
export async function startProxy(): Promise<Proxy> {
  const backends: string[] = [];
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  const server = createServer((request, response) => {
    turn += 1;
    const backend = backends[turn % backends.length];
    if (backend === undefined) response.writeHead(502).end();
    else forward(backend, agent, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    add: (backend) => {
      backends.push(backend);
    },
    remove: (backend) => {
      const index = backends.indexOf(backend);
      if (index !== -1) backends.splice(index, 1);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

function forward(backend: string, agent: Agent, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '/' } = request;
  const options = { method, agent, headers: { ...headers, connection: 'keep-alive' } };
  const forwarded = sendRequest(backend + url, options, (answer) => {
    const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, rest);
    answer.pipe(response);
    answer.once('error', () => response.destroy());
  });
  forwarded.once('error', () => {
    // A request whose answer has begun can't be answered with anything else.
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.once('close', () => forwarded.destroy());
  request.pipe(forwarded);
}
