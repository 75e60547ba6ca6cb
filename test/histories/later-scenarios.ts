import { expect } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { findItems } from '../../src/repositories/order-items.ts';
import { eventually } from '../setup/eventually.ts';
import type { SagaRig } from '../setup/saga-rig.ts';
import { redirect } from '../workflows/later-rig.ts';

/** The lives of orders that are amended, run short, are shipped in part or come back. */
export const laterScenarios: Record<string, (rig: SagaRig) => Promise<string>> = {
  'amended-up-and-down': async (rig) => {
    const { id, itemId } = await confirmed(rig);
    await rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 4 });
    await rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 1 });
    return id;
  },

  'amendment-declined-then-cancelled': async (rig) => {
    const { id, itemId } = await confirmed(rig);
    const match = { order_id: id };
    await rig.fault({ service: 'payment', operation: 'charge', mode: 'decline', times: 1, match });
    const amending = rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 4 });
    await expect(amending).rejects.toMatchObject({ type: 'PAYMENT_DECLINED' });
    await rig.command(id, 'cancelOrder', {});
    return id;
  },

  'shipped-in-part-then-delivered': async (rig) => {
    const { id, itemId } = await confirmed(rig);
    await rig.command(id, 'changeStatus', { status: 'PROCESSING' });
    const items = [{ item_id: itemId, quantity: 1 }];
    await rig.command(id, 'changeStatus', { status: 'SHIPPED', items });
    await rig.command(id, 'changeStatus', { status: 'SHIPPED', items });
    await rig.command(id, 'changeStatus', { status: 'DELIVERED' });
    return id;
  },

  'redirected-to-where-tax-is-due-and-back': async (rig) => {
    const { id } = await confirmed(rig);
    await redirect(rig, id, 'FR');
    await redirect(rig, id, 'GB');
    return id;
  },

  'shipped-in-part-then-lowered-to-that': async (rig) => {
    const { id, itemId } = await confirmed(rig);
    await rig.command(id, 'changeStatus', { status: 'PROCESSING' });
    await rig.command(id, 'changeStatus', { status: 'SHIPPED', items: [{ item_id: itemId, quantity: 1 }] });
    await rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 1 });
    await rig.command(id, 'changeStatus', { status: 'DELIVERED' });
    return id;
  },

  'returned-in-part': async (rig) => {
    const { id, itemId } = await delivered(rig);
    await rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity: 1 }] });
    return id;
  },

  'refused-parcel': async (rig) => {
    const { id, itemId } = await confirmed(rig);
    await rig.command(id, 'changeStatus', { status: 'SHIPPED' });
    await rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity: 2 }] });
    await rig.reaches(id, 'REFUNDED');
    return id;
  },

  'returned-as-a-whole': async (rig) => {
    const { id, itemId } = await delivered(rig);
    await rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity: 2 }] });
    await rig.reaches(id, 'REFUNDED');
    return id;
  },

  'refunded-without-goods-then-returned': async (rig) => {
    const { id, itemId } = await delivered(rig);
    await rig.command(id, 'refundPayment', { amount: '5.00', notify: true });
    await rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity: 2 }] });
    await rig.reaches(id, 'REFUNDED');
    return id;
  },

  'short-then-amended': async (rig) => {
    const { id, itemId } = await short(rig, 1);
    await rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 1 });
    await rig.reaches(id, 'CONFIRMED');
    return id;
  },

  'short-and-cancelled': async (rig) => {
    const { id } = await short(rig, 2);
    await rig.reaches(id, 'CANCELLED');
    return id;
  },
};

interface Placed {
  readonly id: string;
  readonly itemId: string;
}

async function confirmed(rig: SagaRig): Promise<Placed> {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  return { id, itemId: await itemOf(rig, id) };
}

async function delivered(rig: SagaRig): Promise<Placed> {
  const placed = await confirmed(rig);
  for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const) {
    // One after the other, as goods travel.
    // oxlint-disable-next-line no-await-in-loop
    await rig.command(placed.id, 'changeStatus', { status });
  }
  return placed;
}

/** An order of two whose hold expires before it is paid, while others buy `gone` of the two that there are. */
async function short(rig: SagaRig, gone: number): Promise<Placed> {
  const sku = `scarce-${uuidv7()}`;
  await rig.product(sku, 2);
  const items = [{ id: uuidv7(), productId: 'p1', sku, name: 'Scarce', unitPriceMinor: 1_250, quantity: 2 }];
  const id = await rig.place({ items, paymentMethod: 'tok_declined' });
  await rig.reaches(id, 'PAYMENT_FAILED');
  await eventually(async () => {
    const { body } = await rig.sandbox.call('GET', `/reservations/${id}`);
    expect(body.status).toBe('EXPIRED');
  });
  const others = { order_id: uuidv7(), items: [{ sku, quantity: gone }], expires_in_seconds: 3_600 };
  await rig.sandbox.call('POST', '/reservations', others);
  await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' });
  await eventually(async () => expect((await rig.order(id)).amendUntil).not.toBeNull());
  return { id, itemId: await itemOf(rig, id) };
}

async function itemOf({ db }: SagaRig, id: string): Promise<string> {
  const [item] = await findItems(db, id);
  return item!.id;
}
