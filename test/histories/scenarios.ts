import { uuidv7 } from 'uuidv7';
import { expect } from 'vitest';
import { importWorkflowId, type Import } from '../../src/domain/import.ts';
import { CREATE_ORDER } from '../../src/domain/messages.ts';
import { findImport } from '../../src/repositories/import-repository.ts';
import { appendOrders, beginUpload, registerImport } from '../../src/repositories/import-uploads.ts';
import { orderStartOptions } from '../../src/temporal/start-options.ts';
import { eventually } from '../setup/eventually.ts';
import type { SagaRig } from '../setup/saga-rig.ts';
import { laterScenarios } from './later-scenarios.ts';

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

  'declined-in-part-then-paid-with-two-methods': async (rig) => {
    const gift = { paymentMethod: 'tok_gift', amountMinor: 1_000 };
    const declined = { paymentMethod: 'tok_declined', amountMinor: 1_500 };
    const id = await rig.place({ paymentMethod: 'tok_declined', paymentParts: [gift, declined] });
    await rig.reaches(id, 'PAYMENT_FAILED');
    const methods = [
      { method: 'tok_gift', amount: '10.00' },
      { method: 'tok_ok', amount: '15.00' },
    ];
    await rig.command(id, 'retryPayment', { payment_methods: methods });
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

  'paid-by-hand-and-cancelled': async (rig) => {
    const { id, fault } = await stuckIn(rig, 'payment', '*', 'chargePayment');
    const isParked = async (step: string) => expect(await rig.ledger(id)).toMatchObject({ [step]: 'FAILED' });
    await eventually(() => isParked('chargePayment'));
    await rig.removeFault(fault);
    await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'resolve', reference: 'transfer 4711' });
    await rig.reaches(id, 'CONFIRMED');
    const cancelled = rig.command(id, 'cancelOrder', {});
    await eventually(() => isParked('refundPaymentIfCharged'));
    await rig.command(id, 'resolveStep', { step: 'refundPaymentIfCharged', action: 'resolve', reference: 'cash' });
    await cancelled;
    return id;
  },

  'answered-later': async (rig) => {
    await rig.fault({ service: 'inventory', operation: 'reserve', mode: 'answer_later', times: 1, delay_ms: 100 });
    await rig.fault({ service: 'payment', operation: 'charge', mode: 'answer_later', times: 1, delay_ms: 700 });
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    return id;
  },

  'cancelled-while-an-answer-was-awaited': async (rig) => {
    await rig.fault({ service: 'payment', operation: 'charge', mode: 'answer_never', times: 1 });
    const id = await rig.place();
    await eventually(async () => expect((await rig.ledger(id))['chargePayment']).toBe('RUNNING'));
    await rig.command(id, 'cancelOrder', {});
    return id;
  },

  'reviewed-by-a-person-and-approved': async (rig) => {
    const id = await placeForReview(rig, 60_000);
    await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
    await rig.rests(id);
    await rig.command(id, 'reviewOrder', { decision: 'approve' });
    await rig.reaches(id, 'CONFIRMED');
    return id;
  },

  'review-that-nobody-decided': async (rig) => {
    const id = await placeForReview(rig, 500);
    await rig.reaches(id, 'CANCELLED');
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
    await rig.reconcile({ everything: true });
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

  ...laterScenarios,
};

/** The same of imports; each answers the id of its workflow. */
export const importScenarios: Record<string, (rig: SagaRig) => Promise<string>> = {
  imported: async (rig) => {
    const job = await registerImportOf(rig, 2);
    await rig.importCommands.start(job);
    await importEnds(rig, job.id, 'COMPLETED');
    return importWorkflowId(job.id);
  },

  'import-paused-and-resumed': async (rig) => {
    const job = await stuckImport(rig);
    await rig.importCommands.send(job, 'pauseImport', { actor: 'sam', reason: 'lunch', command_id: 'p' }, 20_000);
    await rig.noFaults();
    await rig.importCommands.send(job, 'resumeImport', { actor: 'sam', reason: '', command_id: 'r' }, 20_000);
    await importEnds(rig, job.id, 'COMPLETED');
    return importWorkflowId(job.id);
  },

  'import-cancelled': async (rig) => {
    const job = await stuckImport(rig);
    await rig.importCommands.send(job, 'cancelImport', { actor: 'sam', reason: 'wrong file', command_id: 'c' }, 20_000);
    await rig.noFaults();
    await importEnds(rig, job.id, 'CANCELLED');
    return importWorkflowId(job.id);
  },
};

/** An import that can't place its first order. */
async function stuckImport(rig: SagaRig): Promise<Import> {
  await rig.fault({ service: 'inventory', operation: 'get', mode: 'down' });
  const job = await registerImportOf(rig, 2);
  await rig.importCommands.start(job);
  await eventually(async () => {
    const { raw } = await rig.temporal.client.workflow.getHandle(importWorkflowId(job.id)).describe();
    return (raw.pendingActivities?.[0]?.attempt ?? 0) > 1;
  });
  return job;
}

/** Registers a batch of teapots and leaves it to others to start it. */
export async function registerImportOf(rig: SagaRig, count: number): Promise<Import> {
  await rig.sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status: 'ACTIVE' });
  const id = uuidv7();
  const owner = { subject: 'shop', roles: ['service'], actor: 'service:shop', idempotencyKey: null, fileName: null };
  await beginUpload(rig.db, { id, kind: 'batch', ...owner });
  const shippingAddress = { name: 'A', line1: '1 Road', city: 'Town', postal_code: '1', country: 'GB' };
  const body = {
    customer_id: 'alice',
    currency: 'EUR',
    items: [{ sku: 'TEAPOT', quantity: 1 }],
    payment_method: 'tok_ok',
    shipping_address: shippingAddress,
  };
  await appendOrders(
    rig.db,
    id,
    Array.from({ length: count }, () => ({ reference: '', json: JSON.stringify(body), failure: null })),
  );
  await registerImport(rig.db, id, { bodyHash: id, format: null });
  return (await findImport(rig.db, id))!;
}

function importEnds(rig: SagaRig, id: string, status: Import['status']): Promise<unknown> {
  return eventually(async () => {
    const job = await findImport(rig.db, id);
    expect(job).toMatchObject({ status, completedAt: expect.any(Date) });
  });
}

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

/** Places an order that a person has to review for so long: nobody else reviews orders here. */
async function placeForReview(rig: SagaRig, windowMs: number): Promise<string> {
  const order = await rig.accept();
  const review = { rules: undefined, maxAmendment: undefined, windowMs, patienceMs: 300 };
  const terms = { ...review, onTimeout: 'reject', onFailure: 'wait' } as const;
  const config = { ...rig.config, order: { ...rig.config.order, review: terms } };
  await rig.temporal.client.workflow.start(CREATE_ORDER, orderStartOptions(order, config));
  return order.id;
}
