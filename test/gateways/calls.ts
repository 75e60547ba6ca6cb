import { randomUUID } from 'node:crypto';
import { confirmationOf } from '../../src/domain/notify-of-order.ts';
import type { CaptureRequest } from '../../src/gateways/payment.ts';
import { captureLog } from '../setup/captured-log.ts';
import { someOrder } from '../repositories/orders.ts';
import { createGateways, GatewayError, type Gateways } from '../../src/gateways/index.ts';

/** Gateways to one address that plays every service. */
export function gatewaysTo(url: string): Gateways {
  return createGateways(
    { inventory: { url }, payment: { url }, customer: { url }, notification: { url }, review: { url } },
    captureLog().logger,
  );
}

/** A charge of EUR 25.00. */
export function someCharge(orderId: string, more: Partial<Parameters<Gateways['payment']['charge']>[0]> = {}) {
  const idempotencyKey = `${orderId}:charge:1`;
  return { orderId, idempotencyKey, amountMinor: 2_500, currency: 'EUR', paymentMethod: 'tok_ok', ...more };
}

/** A message to the customer that the order is confirmed. */
export function someMessage(orderId: string) {
  return confirmationOf({ ...someOrder(), id: orderId, orderNumber: 'ORD-00000042' });
}

/** An order of EUR 25.00 that was placed just now, to be reviewed. */
function someReview(orderId: string): Parameters<NonNullable<Gateways['review']>['review']>[0] {
  return {
    idempotencyKey: `${orderId}:review`,
    occasion: 'placed',
    orderId,
    orderNumber: 'ORD-00000042',
    customerId: 'alice',
    currency: 'EUR',
    totalMinor: 2_500,
    discountMinor: 0,
    lineCount: 1,
    unitCount: 2,
    shippingCountry: 'GB',
    billingCountry: null,
    paymentMethodHashes: ['a'.repeat(64)],
    shippingAddressHash: 'b'.repeat(64),
    placedAt: new Date(),
    counts: {
      customerTotalMinor: 2_500,
      ordersOfPaymentMethod: 1,
      ordersOfAddress: 1,
      paymentMethodsOfCustomer: 1,
      addressesOfCustomer: 1,
    },
  };
}

/** A call of a gateway, what the sandbox's faults name it, and what must be so before. */
export interface GatewayCall {
  service: keyof Gateways;
  operation: string;
  before?: (to: Gateways, orderId: string) => Promise<unknown>;
  call: (to: Gateways, orderId: string) => Promise<unknown>;
}

type Methods = {
  readonly [Service in keyof Gateways as `${Service}.${string & keyof NonNullable<Gateways[Service]>}`]: GatewayCall;
};

const reserve = (to: Gateways, orderId: string) =>
  to.inventory.reserve(orderId, [{ sku: 'TEAPOT', quantity: 2 }], 600_000);
const charge = (to: Gateways, orderId: string) => to.payment.charge(someCharge(orderId));

/** What the payment service calls the authorisation of an order. */
const paymentIds = new Map<string, string>();

const authorize = (to: Gateways, orderId: string) => to.payment.authorize(someCharge(orderId));

/** A capture of all that {@link someCharge} has authorised. */
export function someCapture(orderId: string, paymentId: string, more: Partial<CaptureRequest> = {}): CaptureRequest {
  const keys = { idempotencyKey: `${orderId}:capture:1`, authorizationKey: `${orderId}:charge:1` };
  return { orderId, ...keys, paymentId, amountMinor: 2_500, currency: 'EUR', isFinal: true, ...more };
}

/** Every method of every gateway; a new one fails to compile until it stands here. */
export const gatewayCalls: Methods = {
  'inventory.findProducts': {
    service: 'inventory',
    operation: 'get',
    call: (to) => to.inventory.findProducts({ skus: ['TEAPOT'], ids: [] }),
  },
  'inventory.createProduct': {
    service: 'inventory',
    operation: 'create',
    call: (to, orderId) =>
      to.inventory.createProduct({ sku: `NEW-${orderId}`, name: 'New', priceMinor: 1_250, currency: 'EUR' }),
  },
  'inventory.reserve': { service: 'inventory', operation: 'reserve', call: reserve },
  'inventory.findReservation': {
    service: 'inventory',
    operation: 'lookup',
    before: reserve,
    call: (to, orderId) => to.inventory.findReservation(orderId),
  },
  'inventory.commit': {
    service: 'inventory',
    operation: 'commit',
    before: reserve,
    call: (to, orderId) => to.inventory.commit(orderId),
  },
  'inventory.release': {
    service: 'inventory',
    operation: 'release',
    before: reserve,
    call: (to, orderId) => to.inventory.release(orderId),
  },
  'inventory.amend': {
    service: 'inventory',
    operation: 'reserve',
    before: reserve,
    call: (to, orderId) => to.inventory.amend(orderId, 1, [{ sku: 'TEAPOT', quantity: 3 }], 600_000),
  },
  'inventory.restock': {
    service: 'inventory',
    operation: 'release',
    before: async (to, orderId) => {
      await reserve(to, orderId);
      await to.inventory.commit(orderId);
    },
    call: (to, orderId) => to.inventory.restock(orderId, 'return-1', [{ sku: 'TEAPOT', quantity: 1 }]),
  },
  'inventory.withdrawRestock': {
    service: 'inventory',
    operation: 'reserve',
    call: (to, orderId) => to.inventory.withdrawRestock(orderId, 'return-1'),
  },
  'payment.charge': { service: 'payment', operation: 'charge', call: charge },
  'payment.authorize': { service: 'payment', operation: 'authorize', call: authorize },
  'payment.capture': {
    service: 'payment',
    operation: 'capture',
    before: async (to, orderId) => {
      const held = await authorize(to, orderId);
      if (held.outcome === 'authorized') paymentIds.set(orderId, held.paymentId);
    },
    call: (to, orderId) => to.payment.capture(someCapture(orderId, paymentIds.get(orderId) ?? randomUUID())),
  },
  'payment.findCapture': {
    service: 'payment',
    operation: 'lookup',
    call: (to, orderId) => to.payment.findCapture(`${orderId}:capture:1`),
  },
  'payment.findCharge': {
    service: 'payment',
    operation: 'lookup',
    before: charge,
    call: (to, orderId) => to.payment.findCharge(`${orderId}:charge:1`),
  },
  'payment.voidOrder': {
    service: 'payment',
    operation: 'refund',
    before: charge,
    call: (to, orderId) => to.payment.voidOrder(orderId, 'EUR'),
  },
  'payment.voidCharge': {
    service: 'payment',
    operation: 'refund',
    before: charge,
    call: (to, orderId) => to.payment.voidCharge(orderId, `${orderId}:charge:1`, 'EUR'),
  },
  'payment.listMovements': {
    service: 'payment',
    operation: 'lookup',
    call: (to) => to.payment.listMovements({ from: new Date(0), to: new Date(), cursor: undefined }),
  },
  'payment.refund': {
    service: 'payment',
    operation: 'refund',
    before: charge,
    call: (to, orderId) =>
      to.payment.refund({
        orderId,
        idempotencyKey: `${orderId}:refund:1`,
        amountMinor: 100,
        currency: 'EUR',
        charges: [],
      }),
  },
  'customer.findCustomer': {
    service: 'customer',
    operation: 'get',
    call: (to) => to.customer.findCustomer('alice'),
  },
  'customer.createCustomer': {
    service: 'customer',
    operation: 'create',
    call: (to, orderId) => to.customer.createCustomer({ id: orderId, name: 'Ada', email: null }),
  },
  'review.review': {
    service: 'review',
    operation: 'review',
    call: (to, orderId) => to.review!.review(someReview(orderId)),
  },
  'notification.send': {
    service: 'notification',
    operation: 'send',
    call: (to, orderId) => to.notification.send(someMessage(orderId)),
  },
};

/** Makes every call at the same moment, each for an order of its own, and answers what each failed with, by its name. */
export async function failuresOf(to: Gateways): Promise<Record<string, unknown>> {
  const failures = Object.entries<GatewayCall>(gatewayCalls).map(async ([name, { call }]) => {
    return [name, kindOf(await errorOf(call(to, randomUUID())))] as const;
  });
  return Object.fromEntries(await Promise.all(failures));
}

/** The same answer for every call, to compare with {@link failuresOf}. */
export function everyCall(answer: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.keys(gatewayCalls).map((name) => [name, answer]));
}

/** What a promise was rejected with. */
export function errorOf(running: Promise<unknown>): Promise<unknown> {
  return running.then(
    () => 'no error',
    (error: unknown) => error,
  );
}

function kindOf(error: unknown): unknown {
  return error instanceof GatewayError ? error.kind : error;
}
