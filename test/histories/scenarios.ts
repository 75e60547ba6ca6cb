import { expect } from 'vitest';
import { reconcile } from '../../src/temporal/reconciler/reconcile.ts';
import { eventually } from '../setup/eventually.ts';
import type { SagaRig } from '../setup/saga-rig.ts';

/** The lives of orders whose histories today's workflow code must be able to replay, each with how to live it. */
export const scenarios: Record<string, (rig: SagaRig) => Promise<string>> = {
  confirmed: async (rig) => {
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    return id;
  },

  'out-of-stock': async (rig) => {
    const id = await rig.place({ items: [{ ...item, sku: 'SOLD-OUT' }] });
    await rig.reaches(id, 'CANCELLED');
    return id;
  },

  'declined-then-retried': async (rig) => {
    const id = await rig.place({ paymentMethod: 'tok_declined' });
    await rig.reaches(id, 'PAYMENT_FAILED');
    await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' });
    await rig.reaches(id, 'CONFIRMED');
    return id;
  },

  'declined-and-expired': async (rig) => {
    const id = await rig.place({ paymentMethod: 'tok_declined' });
    await rig.reaches(id, 'CANCELLED');
    return id;
  },

  'cancelled-before-confirming': async (rig) => {
    const { id } = await stuckIn(rig, 'payment', 'charge', 'chargePayment');
    await rig.command(id, 'cancelOrder', {});
    await rig.reaches(id, 'CANCELLED');
    return id;
  },

  'cancelled-after-confirming': async (rig) => {
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    await rig.command(id, 'cancelOrder', {});
    return id;
  },

  'workflow-cancelled': async (rig) => {
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    await rig.handle(id).cancel();
    await rig.reaches(id, 'CANCELLED');
    return id;
  },

  'parked-and-resolved': async (rig) => {
    const { id, fault } = await stuckIn(rig, 'payment', '*', 'chargePayment');
    await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
    await rig.removeFault(fault);
    await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'retry' });
    await rig.reaches(id, 'CONFIRMED');
    return id;
  },

  'terminated-and-reconciled': async (rig) => {
    const { id, fault } = await stuckIn(rig, 'inventory', 'commit', 'confirmOrder');
    await rig.handle(id).terminate();
    await rig.removeFault(fault);
    await rig.db
      .updateTable('orders')
      .set({ created_at: new Date(0) })
      .where('id', '=', id)
      .execute();
    const { db, engine, config, dependencies } = rig;
    await reconcile({ db, engine, config, logger: dependencies.logger }, { everything: true });
    await rig.reaches(id, 'CANCELLED');
    return id;
  },

  'shipped-and-delivered': async (rig) => {
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    await rig.command(id, 'changeStatus', { status: 'PROCESSING' });
    await rig
      .handle(id)
      .signal('changeStatus', { status: 'SHIPPED', tracking_number: '42', actor: 'sam', reason: 'left' });
    await rig.reaches(id, 'SHIPPED');
    await rig.command(id, 'changeStatus', { status: 'DELIVERED' });
    return id;
  },
};

const item = {
  id: '01900000-0000-7000-8000-000000000001',
  productId: 'p1',
  sku: 'TEAPOT',
  name: 'Teapot',
  unitPriceMinor: 1_250,
  quantity: 2,
};

/** An order whose step fails until its fault is removed. */
async function stuckIn(rig: SagaRig, service: 'payment' | 'inventory', operation: string, step: string) {
  const order = await rig.accept();
  const { body: fault } = await rig.fault({ service, operation, mode: 'down', match: { order_id: order.id } });
  await rig.commands.start(order);
  await eventually(async () => expect(await rig.ledger(order.id)).toMatchObject({ [step]: 'RUNNING' }));
  return { id: order.id, fault: fault.id as string };
}
