import { randomUUID } from 'node:crypto';
import type { CreateAction as SagaAction } from '../../src/domain/saga.ts';
import { someCharge } from '../gateways/calls.ts';
import { runActivity, type ActivityRig } from './rig.ts';

/** A step or compensation as tests run it: what comes before it, and what the services hold after it. */
export interface StepUnderTest {
  readonly service: string;
  readonly operation: string;
  readonly before: readonly SagaAction[];
  readonly effects: {
    readonly stock: number;
    readonly reserved: number;
    readonly payments: string[];
    readonly messages: number;
  };
}

const nothing = { stock: 10, reserved: 0, payments: [], messages: 0 };

/** Every step and compensation; a new one fails to compile until it stands here. */
export const steps: Readonly<Record<SagaAction, StepUnderTest>> = {
  reserveInventory: { service: 'inventory', operation: 'reserve', before: [], effects: { ...nothing, reserved: 2 } },
  releaseInventoryIfReserved: {
    service: 'inventory',
    operation: 'release',
    before: ['reserveInventory'],
    effects: nothing,
  },
  reviewOrder: { service: 'review', operation: 'review', before: [], effects: nothing },
  chargePayment: {
    service: 'payment',
    operation: 'charge',
    before: [],
    effects: { ...nothing, payments: ['CAPTURED'] },
  },
  authorizePayment: {
    service: 'payment',
    operation: 'authorize',
    before: [],
    effects: { ...nothing, payments: ['AUTHORIZED'] },
  },
  voidPaymentIfAuthorized: {
    service: 'payment',
    operation: 'refund',
    before: ['authorizePayment'],
    effects: { ...nothing, payments: ['VOIDED'] },
  },
  capturePayment: {
    service: 'payment',
    operation: 'capture',
    before: ['authorizePayment'],
    effects: { ...nothing, payments: ['CAPTURED'] },
  },
  refundPaymentIfCharged: {
    service: 'payment',
    operation: 'refund',
    before: ['chargePayment'],
    effects: { ...nothing, payments: ['REFUNDED'] },
  },
  confirmOrder: {
    service: 'inventory',
    operation: 'commit',
    before: ['reserveInventory', 'chargePayment'],
    effects: { ...nothing, stock: 8, payments: ['CAPTURED'] },
  },
  notifyCustomer: { service: 'notification', operation: 'send', before: [], effects: { ...nothing, messages: 1 } },
};

/** Runs one step or compensation of an order that the rig accepted. */
export async function runStep(rig: ActivityRig, step: SagaAction, orderId: string, isLocal: boolean): Promise<unknown> {
  const { activities } = rig;
  const run = <Input>(activity: (input: Input) => Promise<unknown>, input: Input) =>
    runActivity(activity, input, { isLocal });
  switch (step) {
    case 'reserveInventory':
      return run(activities.reserveInventory, {
        orderId,
        lines: [{ sku: `sku-${orderId}`, quantity: 2 }],
        ttlMs: 600_000,
      });
    case 'releaseInventoryIfReserved':
      return run(activities.releaseInventoryIfReserved, { orderId });
    case 'reviewOrder':
      return run(activities.reviewOrder, {
        orderId,
        key: `${orderId}:review`,
        occasion: 'placed',
        paymentMethod: 'tok_ok',
      });
    case 'chargePayment':
      return run(activities.chargePayment, someCharge(orderId));
    case 'authorizePayment':
      return run(activities.authorizePayment, someCharge(orderId));
    case 'voidPaymentIfAuthorized':
      return run(activities.voidPaymentIfAuthorized, { orderId, currency: 'EUR', charges: [] });
    case 'capturePayment': {
      // What the workflow knows of the authorisation before it.
      const held = await rig.dependencies.gateways.payment.findCharge(`${orderId}:charge:1`);
      const paymentId = held && held.outcome !== 'declined' ? held.paymentId : randomUUID();
      return run(activities.capturePayment, { ...someCharge(orderId), paymentId });
    }
    case 'refundPaymentIfCharged':
      return run(activities.refundPaymentIfCharged, { orderId, currency: 'EUR', charges: [] });
    case 'confirmOrder':
      return run(activities.confirmOrder, { orderId, paymentMethod: 'tok_ok', charges: [], steps: [] });
    case 'notifyCustomer':
      return run(activities.notifyCustomer, {
        orderId,
        customerId: 'alice',
        type: 'ORDER_CONFIRMED',
        idempotencyKey: `${orderId}:notify:ORDER_CONFIRMED`,
      });
    default:
      return step satisfies never;
  }
}
