import { Refusal } from '../../domain/refusal.ts';
import {
  findEndpointDelivery,
  redeliverBatch,
  redeliverEvent,
  type LoggedDelivery,
} from '../../repositories/delivery-log.ts';
import type { Db } from '../../repositories/schema.ts';
import { endPause } from '../../repositories/webhook-endpoints.ts';
import { readEndpoint } from './manage-endpoints.ts';

/** Deliveries that one statement makes due again. */
const BATCH = 2_000;

/** Sends one event to an endpoint again, at once also while it pauses, and before later ones of its order that wait. Throws NOT_FOUND when it was never sent there, or is no longer kept. */
export async function redeliverOne(db: Db, endpointId: string, eventId: string): Promise<LoggedDelivery> {
  const endpoint = await readEndpoint(db, endpointId);
  const id = /^\d{1,15}$/.test(eventId) ? Number(eventId) : undefined;
  const isSent = id !== undefined && (await redeliverEvent(db, endpoint.id, id));
  const delivery = id === undefined ? undefined : await findEndpointDelivery(db, endpoint.id, id);
  if (!delivery) throw new Refusal('NOT_FOUND', `Event "${eventId}" is not in the log of this endpoint.`);
  if (isSent) {
    await endPause(db, endpoint.id);
    return delivery;
  }
  throw new Refusal(
    'NOT_FOUND',
    `Event ${eventId} can't be sent again: it is older than OUTBOX_RETENTION and no longer kept. Read its order instead.`,
  );
}

/** How many deliveries are made again; `gone` are those whose events are no longer kept. */
export interface Redelivery {
  readonly redelivered: number;
  readonly gone: number;
}

/** Sends an endpoint everything again that came up for it since a time, delivered or not, each order's events in order. Throws NOT_FOUND. */
export async function redeliverSince(db: Db, endpointId: string, since: Date): Promise<Redelivery> {
  const endpoint = await readEndpoint(db, endpointId);
  let redelivered = 0;
  let gone = 0;
  for (let after: number | undefined = 0; after !== undefined;) {
    const batch: Awaited<ReturnType<typeof redeliverBatch>> = await redeliverBatch(db, endpoint.id, {
      since,
      after,
      limit: BATCH,
    });
    redelivered += batch.redelivered;
    gone += batch.gone;
    after = batch.last;
  }
  await endPause(db, endpoint.id);
  return { redelivered, gone };
}
