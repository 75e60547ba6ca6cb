import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type { ChargeOutcome, ChargeRequest, PaymentGateway, RefundRequest } from '../../../src/gateways/payment.ts';
import type { Network } from './network.ts';

/** What the stand-in for the payment service can be made to leave out, to see that its absence is noticed. */
export interface PaymentFlaws {
  readonly forgetsVoids?: boolean;
  /** As if every attempt at a refund had a key of its own. */
  readonly ignoresRefundKeys?: boolean;
}

interface Charge {
  readonly outcome: ChargeOutcome;
  readonly request: ChargeRequest;
  refundedMinor: number;
}

export type Payment = ReturnType<typeof createPayment>;

/** A payment service that charges and refunds once a key, and charges nothing for an order or a key that was voided. */
export function createPayment(network: Network, flaws: PaymentFlaws = {}) {
  const charges = new Map<string, Charge>();
  const refunds = new Set<string>();
  const voided = new Set<string>();
  let mostKeptMinor = 0;

  const captured = () => [...charges.values()].filter(({ outcome }) => outcome.outcome === 'captured');
  const restOf = ({ request, refundedMinor }: Charge) => request.amountMinor - refundedMinor;
  const keptMinor = () => captured().reduce((sum, charge) => sum + restOf(charge), 0);
  const refundedMinor = () => captured().reduce((sum, charge) => sum + charge.refundedMinor, 0);
  const giveBack = (charge: Charge) => {
    charge.refundedMinor = charge.request.amountMinor;
  };

  const services = {
    charge: (request: ChargeRequest, refuse = false): ChargeOutcome => {
      if (voided.has(request.orderId) || voided.has(request.idempotencyKey)) {
        throw new GatewayError('refused', 'payment', 'voided', { code: 'PAYMENT_VOIDED' });
      }
      const known = charges.get(request.idempotencyKey);
      if (known && known.request.amountMinor !== request.amountMinor) throw reused();
      if (known) return known.outcome;
      const declined = refuse || request.paymentMethod === 'tok_declined';
      const outcome: ChargeOutcome = declined
        ? { outcome: 'declined', declineCode: 'CARD_DECLINED' }
        : { outcome: 'captured', paymentId: `payment-${charges.size + 1}` };
      charges.set(request.idempotencyKey, { outcome, request, refundedMinor: 0 });
      mostKeptMinor = Math.max(mostKeptMinor, keptMinor());
      return outcome;
    },
    findCharge: (key: string) => charges.get(key)?.outcome,
    voidOrder: (orderId: string): number => {
      if (!flaws.forgetsVoids) voided.add(orderId);
      for (const charge of captured()) giveBack(charge);
      return refundedMinor();
    },
    voidCharge: (key: string): number => {
      if (!flaws.forgetsVoids) voided.add(key);
      const charge = charges.get(key);
      if (charge?.outcome.outcome !== 'captured') return 0;
      giveBack(charge);
      return charge.refundedMinor;
    },
    refund: ({ idempotencyKey, amountMinor }: RefundRequest): void => {
      if (refunds.has(idempotencyKey) && !flaws.ignoresRefundKeys) return;
      if (amountMinor > keptMinor()) {
        throw new GatewayError('refused', 'payment', 'too much', { code: 'REFUND_EXCEEDS' });
      }
      refunds.add(idempotencyKey);
      let restMinor = amountMinor;
      for (const charge of captured().toReversed()) {
        const shareMinor = Math.min(restMinor, restOf(charge));
        charge.refundedMinor += shareMinor;
        restMinor -= shareMinor;
      }
    },
  };

  const gateway: PaymentGateway = {
    charge: (request) => network.call('charge', (refuse) => services.charge(request, refuse)),
    findCharge: (key) => network.call('findCharge', () => services.findCharge(key)),
    voidOrder: (orderId) => network.call('voidOrder', () => services.voidOrder(orderId)),
    voidCharge: (_orderId, key) => network.call('voidCharge', () => services.voidCharge(key)),
    refund: (request) => network.call('refund', () => services.refund(request)),
  };

  return {
    gateway,
    byHand: services,
    /** The most that was ever taken and not given back at one moment. */
    mostKeptMinor: () => mostKeptMinor,
    keptMinor,
    refundedMinor,
  };
}

function reused(): GatewayError {
  return new GatewayError('rejected', 'payment', 'the key was used for another charge', { status: 422 });
}
