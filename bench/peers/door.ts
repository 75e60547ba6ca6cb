import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { ZodError } from 'zod';
import { readOrder } from './order.ts';
import type { PeerOrder } from './peer-order.ts';
import type { PeerStatus } from './rows.ts';
import { connectServices, ServiceRefusal } from './services.ts';

/** The environment that the bench starts a peer with. */
export const settings = {
  port: Number(process.env['PORT']),
  databaseUrl: String(process.env['DATABASE_URL']),
  services: connectServices(String(process.env['SANDBOX_URL'])),
  /** Whether an order is written before it is carried out, so that its acceptance is durable. */
  accepts: process.env['ACCEPTS'] === 'true',
};

/** How an order ended. */
export interface Ended {
  readonly status: PeerStatus;
  readonly failure?: string;
}

/** Serves `POST /api/v1/orders`, which answers once `place` knows how the order ended. */
export function openDoor(place: (order: PeerOrder) => Promise<Ended>): void {
  const app = new Hono();
  app.post('/api/v1/orders', async (c) => {
    const order = await readOrder(settings.services, await c.req.json(), c.req.header('idempotency-key') ?? uuidv7());
    const ended = await place(order);
    return c.json({ ...order, ...ended }, ended.status === 'CONFIRMED' ? 201 : 409);
  });
  app.onError((error, c) => {
    const isRefused = error instanceof ServiceRefusal || error instanceof ZodError;
    return c.json({ message: error.message }, isRefused ? 400 : 500);
  });
  serve({ fetch: app.fetch, port: settings.port, hostname: '127.0.0.1' }, () => {
    console.log('is up');
  });
}
