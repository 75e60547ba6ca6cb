import { once } from 'node:events';
import { createServer } from 'node:net';

/** What a service that has lost its mind says. */
export interface FakeService {
  url: string;
  stop(): Promise<void>;
}

/** Answers every request with these bytes and then closes the connection, in order or by cutting it. */
export async function startFakeService(reply: string, { cut = false } = {}): Promise<FakeService> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (!cut) socket.end(reply);
      else if (reply === '') socket.resetAndDestroy();
      else socket.write(reply, () => socket.resetAndDestroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** An HTTP/1.1 reply as it goes over the wire; `length` when it lies about its body. */
export function httpReply(
  status: string,
  body: string,
  { type = 'application/json', length = Buffer.byteLength(body) } = {},
) {
  return `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${body}`;
}
