import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const eventSchema = z.object({ type: z.string(), subject: z.string(), traceparent: z.string().optional() });

/** What a subscriber is told of an order. */
export type ReceivedEvent = z.output<typeof eventSchema>;

/** Takes the events of orders, as a subscriber does. */
export async function startListener() {
  const events: ReceivedEvent[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    events.push(eventSchema.parse(await json(request)));
    response.end();
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    close: () => server.close(),
  };
}
