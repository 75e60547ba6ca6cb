import { randomBytes } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { freePort } from '../local/free-port.ts';
import { faultOfSignature } from '../../src/webhook-signature.ts';
import type { Random } from './random.ts';

/** A receiver of the product's events. */
export interface EventReceiver {
  /** Settings with which the product sends its events here. */
  readonly settings: Readonly<Record<string, string>>;
  /** The event ids of each order, in the order of their first arrival. */
  readonly received: ReadonlyMap<string, readonly number[]>;
}

const cloudEvent = z.object({ id: z.coerce.number().int(), subject: z.string() });

/** One delivery in ten is refused; another one in ten is received but its answer is lost. */
const FAULT_CHANCE = 0.1;

/** Listens for the product's events on a free port until this process ends. Accepts only signed events, and fails sometimes. */
export async function receiveEvents(random: Random): Promise<EventReceiver> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const received = new Map<string, number[]>();
  const app = new Hono();
  app.post('/events', async (c) => {
    const body = await c.req.text();
    if (faultOfSignature(secret, c.req.header(), body) !== undefined || random.chance(FAULT_CHANCE)) {
      return c.body(null, 503);
    }
    const { id, subject } = cloudEvent.parse(JSON.parse(body));
    const ids = received.get(subject) ?? [];
    if (!ids.includes(id)) received.set(subject, [...ids, id]);
    return c.body(null, random.chance(FAULT_CHANCE) ? 500 : 204);
  });
  const port = await freePort();
  serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
  return {
    settings: { EVENTS_URL: `http://127.0.0.1:${port}/events`, EVENTS_SECRET: secret },
    received,
  };
}
