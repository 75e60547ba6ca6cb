import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { formatMoney, parseMoney } from '../../domain/money.ts';
import { partlyRefunded, payment as paymentAnswer } from '../../gateways/payment-answers.ts';
import { demand, read, requireAnswer, requireStatus, type Check, type Service } from './check.ts';

/** What the checks of a payment service work with. */
export interface PaymentTrial {
  readonly paymentMethod: string;
  readonly declinedPaymentMethod: string | undefined;
  readonly currency: string;
  readonly currencies: readonly string[];
}

/** The statuses of a charge that was made. */
export const made = [200, 201, 202];
const payment = paymentAnswer.extend({ amount: z.string().optional() });
/** The least that an answer to a charge says. */
export const accepted = z.looseObject({ id: z.string().min(1) });
const payments = z.looseObject({ data: z.array(payment) });
const voided = z.looseObject({
  refunded: z.string(),
  payments: z.array(z.looseObject({ idempotency_key: z.string(), refunded_amount: z.string() })),
});

/** How long a charge that is decided on later may take here. */
const DECISION_LIMIT_MS = 60_000;
const LOOKUP_PAUSE_MS = 500;

interface Wanted {
  readonly orderId: string;
  readonly nth?: number;
  readonly minor?: number;
  readonly currency?: string;
  readonly method?: string;
  readonly more?: object;
}

interface WantedCapture {
  readonly orderId: string;
  readonly nth?: number;
  readonly minor: number;
  readonly isFinal?: boolean;
}

/** The calls that the checks are made of. */
export function paymentCalls(service: Service, { paymentMethod, declinedPaymentMethod, currency }: PaymentTrial) {
  const charged = new Set<string>();
  const chargeCall = (wanted: Wanted) => {
    charged.add(wanted.orderId);
    const inCurrency = wanted.currency ?? currency;
    const amount = formatMoney(wanted.minor ?? 1_234, inCurrency);
    const body = {
      order_id: wanted.orderId,
      amount,
      currency: inCurrency,
      payment_method: wanted.method ?? paymentMethod,
    };
    return { method: 'POST', path: '/payments', body: { ...body, ...wanted.more }, key: keyOf(wanted) } as const;
  };
  const find = async (key: string) => {
    const answer = await service.send({
      method: 'GET',
      path: `/payments?${new URLSearchParams({ idempotency_key: key }).toString()}`,
    });
    requireStatus(answer, [200], 'a lookup by key');
    return read(answer, payments, 'a lookup by key').data[0];
  };
  const charge = async (wanted: Wanted) => {
    const answer = await service.send(chargeCall(wanted));
    if (answer.status !== 202) return answer;
    read(answer, accepted, 'a charge that is decided on later');
    await decided(() => find(keyOf(wanted)));
    return service.send(chargeCall(wanted));
  };
  const voidOrder = async (orderId: string, body: object = {}) => {
    const answer = await service.send({ method: 'POST', path: `/payments/order/${orderId}/void`, body });
    requireStatus(answer, [200], 'a void');
    return read(answer, voided, 'a void');
  };
  /** Charges, and expects that it went through. */
  const pay = async (wanted: Wanted) => {
    const answer = await charge(wanted);
    requireStatus(answer, made, 'a charge');
    const paid = read(answer, payment, 'a charge');
    demand(paid.status === 'CAPTURED', `a charge was answered ${answer.status} with the status ${paid.status}`);
    return paid;
  };
  /** Takes everything back, and expects that it was exactly so much. */
  const takeBack = async (orderId: string, minor: number, inCurrency = currency) => {
    const { refunded } = await voidOrder(orderId);
    const refundedMinor = amountOf(refunded, inCurrency);
    const expected = formatMoney(minor, inCurrency);
    demand(refundedMinor === minor, `a void of an order with ${expected} charged says that ${refunded} is refunded`);
  };
  const others = { ...refundCalls(service, currency), ...captureCalls(service, currency) };
  /** Takes back whatever was charged, after a check that did not come to its end. */
  const takeBackAll = async () => {
    await Promise.all([...charged].map((orderId) => voidOrder(orderId).catch(() => undefined)));
  };
  return { declinedPaymentMethod, keyOf, chargeCall, charge, pay, find, voidOrder, takeBack, takeBackAll, ...others };
}

function refundCalls(service: Service, currency: string) {
  const refund = (orderId: string, nth: number, minor: number) =>
    service.send({
      method: 'POST',
      path: `/payments/order/${orderId}/refund`,
      body: { amount: formatMoney(minor, currency), currency },
      key: `${orderId}:refund:${nth}`,
    });
  /** Refunds a part, and expects that it succeeds. */
  const giveBack = async (orderId: string, nth: number, minor: number, what: string) =>
    requireAnswer(await refund(orderId, nth, minor), [200, 201], partlyRefunded, what);
  return { refund, giveBack };
}

function captureCalls(service: Service, currency: string) {
  return {
    /** Takes what an authorisation holds; the rest is released unless it says otherwise. */
    capture: (paymentId: string, { orderId, nth = 1, minor, isFinal = true }: WantedCapture) =>
      service.send({
        method: 'POST',
        path: `/payments/${encodeURIComponent(paymentId)}/capture`,
        body: { amount: formatMoney(minor, currency), final: isFinal },
        key: `${orderId}:capture:${nth}`,
      }),
    findCaptures: (key: string) =>
      service.send({ method: 'GET', path: `/captures?${new URLSearchParams({ idempotency_key: key }).toString()}` }),
  };
}

function keyOf({ orderId, nth = 1 }: Wanted): string {
  return `${orderId}:charge:${nth}`;
}

/** A promise of a payment service, and how it is tried with the calls. */
export type PaymentCheck = Omit<Check, 'run'> & {
  readonly run: (calls: ReturnType<typeof paymentCalls>, service: Service) => Promise<void>;
};

async function decided(find: () => Promise<z.output<typeof payment> | undefined>): Promise<void> {
  const until = performance.now() + DECISION_LIMIT_MS;
  for (;;) {
    // Each look needs the one before to have found nothing.
    // oxlint-disable-next-line no-await-in-loop
    const found = await find();
    demand(found !== undefined, 'a charge that was accepted (202) is not found by its key');
    if (found.status !== 'PENDING') return;
    demand(performance.now() < until, `a charge that was accepted (202) is still PENDING after a minute`);
    // oxlint-disable-next-line no-await-in-loop
    await pause(LOOKUP_PAUSE_MS);
  }
}

/** An amount in minor units; `undefined` when it is none in this currency. */
export function amountOf(text: string, currency: string): number | undefined {
  try {
    return text === '0' ? 0 : parseMoney(text, currency);
  } catch {
    return undefined;
  }
}
