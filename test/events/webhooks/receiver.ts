import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that a receiver has got. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly at: number;
}

/** Answers a request; what it throws ends the connection. */
export type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

/** Answers with this status and nothing more. */
export const answerWith =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end();
  };

/** A receiver of webhooks on this machine; `answer` may be changed at any time. */
export async function startReceiver(answer: Answer = answerWith(204)) {
  const received: ReceivedRequest[] = [];
  const receiver = { received, answer, connections: 0 };
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const got = { path: request.url ?? '', headers: request.headers, body, at: Date.now() };
    received.push(got);
    receiver.answer(got, response);
  };
  const server = createServer((request, response) => void receive(request, response));
  server.on('connection', () => {
    receiver.connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    port,
    url: `http://127.0.0.1:${port}/events`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
