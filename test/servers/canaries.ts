import { expect } from 'vitest';
import { runForRequest } from '../../src/request-context.ts';
import { findItems } from '../../src/repositories/order-items.ts';
import { eventually } from '../setup/eventually.ts';
import type { SagaRig } from '../setup/saga-rig.ts';
import { deliver, NEW_STREET, redirect } from '../workflows/later-rig.ts';

const TOKEN = 'tok_canary_of_the_token';

/** What nobody may find who reads what Temporal keeps: parts of texts that {@link leaveCanaries} sends, and what stands beside them. */
const canaries = [TOKEN, 'canary', 'because', 'TEAPOT', 'paymentMethod', NEW_STREET];

/** Has orders shipped, declined, retried, cancelled, amended, redirected and given back, with texts that are told apart from all others; answers the id of the one that shipped. */
export async function leaveCanaries(rig: SagaRig): Promise<string> {
  const paid = await runForRequest({ requestId: 'canary of the request' }, () => rig.place({ paymentMethod: TOKEN }));
  await rig.reaches(paid, 'CONFIRMED');
  await rig.rests(paid);
  await rig.command(paid, 'changeStatus', { status: 'PROCESSING' });
  await rig.command(paid, 'changeStatus', {
    status: 'SHIPPED',
    carrier: 'canary of the carrier',
    tracking_number: 'canary-of-tracking',
  });
  const refused = runForRequest({ requestId: 'canary of the command' }, () => rig.command(paid, 'cancelOrder', {}));
  await expect(refused).rejects.toThrow();
  await changeAndGiveBack(rig);
  // Off the fast path, with failures that say what was sent.
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const waiting = await rig.place({ paymentMethod: TOKEN });
  await eventually(async () => expect(await rig.order(waiting)).toMatchObject({ paymentStatus: 'QUEUED' }));
  const cancelling = rig.command(waiting, 'cancelOrder', {});
  await eventually(async () => expect(await rig.order(waiting)).toMatchObject({ sagaState: 'COMPENSATING' }));
  await rig.noFaults();
  await cancelling;
  await rig.rests(waiting);

  const declined = await rig.place({ paymentMethod: 'tok_declined' });
  await rig.reaches(declined, 'PAYMENT_FAILED');
  await rig.rests(declined);
  const histories = await Promise.all([waiting, declined].map((id) => rig.handle(id).fetchHistory()));
  // Among others as the last failure of an activity.
  const failures = JSON.stringify(histories).matchAll(/failure":\{"message":"([^"]*)"/gi);
  expect(new Set(Array.from(failures, ([, message]) => message))).toEqual(new Set(['Encoded failure']));
  return paid;
}

async function changeAndGiveBack(rig: SagaRig): Promise<void> {
  const order = await rig.place({ paymentMethod: TOKEN });
  await rig.reaches(order, 'CONFIRMED');
  await rig.rests(order);
  const [item] = await findItems(rig.db, order);
  await rig.command(order, 'amendItems', { change: 'set', item_id: item!.id, quantity: item!.quantity + 1 });
  await redirect(rig, order, 'GB');
  await deliver(rig, order);
  await rig.command(order, 'returnItems', { items: [{ item_id: item!.id, quantity: 1 }] });
  await rig.rests(order);
}

/** Lists the canaries that a dump holds, in clear or in base64. */
export function findCanaries(dump: Buffer): string[] {
  return canaries.flatMap((canary) => [canary, ...inBase64(canary)]).filter((text) => dump.includes(text));
}

/** How a text looks inside of a longer one that is encoded, by where it begins. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(' '.repeat(offset) + text)
      .toString('base64')
      .replace(/=*$/, '');
    return encoded.slice(offset === 0 ? 0 : offset + 1, -1);
  });
}
