import { z } from 'zod';
import { formatMoney, parseMoney } from '../domain/money.ts';
import type { ServiceEndpoint } from '../config/service-settings.ts';
import type { Logger } from '../logger.ts';
import { GatewayError } from './gateway-error.ts';
import { serviceClient } from './http-client.ts';
import { listMovements } from './list-movements.ts';
import { nextAction, partlyRefunded, payment } from './payment-answers.ts';
import type { ChargeOutcome, ChargeRequest, PaymentGateway } from './payment.ts';

const acceptedPayment = z
  .object({ id: z.string(), next_action: nextAction })
  .transform(({ id, next_action }) => ({ id, next_action, status: 'PENDING' as const }));
const faultOfMethod = z.array(z.object({ path: z.literal('/payment_method') })).min(1);
const payments = z.object({ data: z.array(payment) });
const captures = z.object({ data: z.array(z.object({ payment_id: z.string() })) });
const refundedPayment = z.object({ idempotency_key: z.string(), refunded_amount: z.string() });
const voided = (currency: string) =>
  z.object({ refunded: z.string() }).transform(({ refunded }) => parseMoney(refunded, currency));

/** A payment service over HTTP, as the sandbox speaks it. */
export function httpPaymentGateway(endpoint: ServiceEndpoint, logger: Logger): PaymentGateway {
  const call = serviceClient({ name: 'payment', endpoint, logger });
  return { ...takings(call), ...givings(call), listMovements: (query) => listMovements(call, query) };
}

type Call = ReturnType<typeof serviceClient>;

/** What takes money or holds it, and what tells of that. */
function takings(call: Call): Pick<PaymentGateway, 'charge' | 'authorize' | 'capture' | 'findCharge' | 'findCapture'> {
  const pay = async (operation: 'charge' | 'authorize', request: ChargeRequest) => {
    const { orderId, idempotencyKey, amountMinor, currency, paymentMethod } = request;
    const amount = formatMoney(amountMinor, currency);
    const wanted = { order_id: orderId, amount, currency, payment_method: paymentMethod };
    const body = operation === 'authorize' ? { ...wanted, capture: false } : wanted;
    try {
      const sent = { operation, method: 'POST', path: '/payments', body, idempotencyKey } as const;
      return toOutcome(await call({ ...sent, schema: payment, acceptedSchema: acceptedPayment }));
    } catch (error) {
      return declineOf(error);
    }
  };
  return {
    charge: (request) => pay('charge', request),
    authorize: (request) => pay('authorize', request),
    capture: async ({ idempotencyKey, paymentId, amountMinor, currency, isFinal }) => {
      const body = { amount: formatMoney(amountMinor, currency), final: isFinal };
      const path = `/payments/${encodeURIComponent(paymentId)}/capture`;
      const sent = { operation: 'capture', method: 'POST', path, body, idempotencyKey } as const;
      const { id } = await call({ ...sent, schema: payment });
      return { paymentId: id };
    },
    findCapture: async (idempotencyKey) => {
      const path = `/captures?${new URLSearchParams({ idempotency_key: idempotencyKey }).toString()}`;
      const { data } = await call({ operation: 'find_capture', method: 'GET', path, schema: captures });
      return data[0] && { paymentId: data[0].payment_id };
    },
    findCharge: async (idempotencyKey) => {
      const path = `/payments?${new URLSearchParams({ idempotency_key: idempotencyKey }).toString()}`;
      const { data } = await call({ operation: 'find_charge', method: 'GET', path, schema: payments });
      return data[0] && toOutcome(data[0]);
    },
  };
}

/** What gives money back, and forbids that more is taken. */
function givings(call: Call): Pick<PaymentGateway, 'voidOrder' | 'voidCharge' | 'refund'> {
  return {
    voidOrder: (orderId, currency, except = []) =>
      call({ ...voidBy(orderId, except.length > 0 ? { except } : {}), schema: voided(currency) }),
    voidCharge: async (orderId, idempotencyKey, currency) => {
      const schema = z.object({ payments: z.array(refundedPayment) });
      const { payments: charged } = await call({ ...voidBy(orderId, { idempotency_key: idempotencyKey }), schema });
      const charge = charged.find((one) => one.idempotency_key === idempotencyKey);
      return charge ? parseMoney(charge.refunded_amount, currency) : 0;
    },
    refund: async ({ orderId, idempotencyKey, amountMinor, currency, charges }) => {
      const ids = charges.map(({ paymentId }) => paymentId);
      const body = { amount: formatMoney(amountMinor, currency), currency, payments: ids };
      const path = `/payments/order/${orderId}/refund`;
      await call({ operation: 'refund', method: 'POST', path, body, idempotencyKey, schema: partlyRefunded });
    },
  };
}

/** An authorisation that was released or has expired was made as well: what captures it learns that it holds nothing any more. */
const authorizedStatuses = ['AUTHORIZED', 'PARTIALLY_CAPTURED', 'VOIDED', 'EXPIRED'];

function toOutcome({ id, status, decline_code, ...more }: z.output<typeof payment>): ChargeOutcome {
  const { expires_at: expiresAt, next_action: action } = more;
  if (status === 'PENDING' || status === 'ACTION_REQUIRED') {
    return action
      ? { outcome: 'action_required', paymentId: id, nextAction: action }
      : { outcome: 'pending', paymentId: id };
  }
  if (authorizedStatuses.includes(status)) {
    return { outcome: 'authorized', paymentId: id, expiresAt: expiresAt ?? undefined };
  }
  if (status === 'DECLINED') return { outcome: 'declined', declineCode: decline_code ?? 'DECLINED' };
  return { outcome: 'captured', paymentId: id };
}

/** What the customer is told of a payment method that the service can't make sense of. */
const INVALID_METHOD = 'INVALID_PAYMENT_METHOD';

/**
 * A decline is an outcome and not an error, and so is a request that is at fault by its payment method alone: the customer can give
 * another one. Everything else stays the error that it is.
 */
function declineOf(error: unknown): ChargeOutcome {
  if (!(error instanceof GatewayError)) throw error;
  if (error.status === 402 && error.code !== undefined) return { outcome: 'declined', declineCode: error.code };
  const isMethodRejected =
    error.kind === 'rejected' && (error.code === INVALID_METHOD || faultOfMethod.safeParse(error.details).success);
  if (isMethodRejected) return { outcome: 'declined', declineCode: INVALID_METHOD };
  throw error;
}

function voidBy(orderId: string, body: object) {
  return { operation: 'void', method: 'POST', path: `/payments/order/${orderId}/void`, body } as const;
}
