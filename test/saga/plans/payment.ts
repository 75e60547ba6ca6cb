import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type { ChargeOutcome, ChargeRequest, PaymentGateway } from '../../../src/gateways/payment.ts';
import type { Network } from './network.ts';

/** What the stand-in for the payment service can be made to leave out, to see that its absence is noticed. */
export interface PaymentFlaws {
  readonly forgetsVoids?: boolean;
}

interface Charge {
  readonly outcome: ChargeOutcome;
  readonly request: ChargeRequest;
  refundedMinor: number;
}

export type Payment = ReturnType<typeof createPayment>;

/** A payment service that charges once a key, and nothing for an order that was voided. */
export function createPayment(network: Network, flaws: PaymentFlaws = {}) {
  const charges = new Map<string, Charge>();
  const voided = new Set<string>();
  let mostKeptMinor = 0;

  const captured = () => [...charges.values()].filter(({ outcome }) => outcome.outcome === 'captured');
  const keptMinor = () =>
    captured().reduce((sum, { request, refundedMinor }) => sum + request.amountMinor - refundedMinor, 0);
  const refundedMinor = () => captured().reduce((sum, charge) => sum + charge.refundedMinor, 0);

  const services = {
    charge: (request: ChargeRequest, refuse = false): ChargeOutcome => {
      const known = charges.get(request.idempotencyKey);
      if (known) return known.outcome;
      if (voided.has(request.orderId)) {
        throw new GatewayError('refused', 'payment', 'voided', { code: 'PAYMENT_VOIDED' });
      }
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
      for (const charge of captured()) charge.refundedMinor = charge.request.amountMinor;
      return refundedMinor();
    },
  };

  const gateway: Pick<PaymentGateway, 'charge' | 'findCharge' | 'voidOrder'> = {
    charge: (request) => network.call('charge', (refuse) => services.charge(request, refuse)),
    findCharge: (key) => network.call('findCharge', () => services.findCharge(key)),
    voidOrder: (orderId) => network.call('voidOrder', () => services.voidOrder(orderId)),
  };

  return {
    gateway,
    byHand: services,
    /** The most that was ever taken and not given back at one moment. */
    mostKeptMinor: () => mostKeptMinor,
    keptMinor,
    refundedMinor,
    captured: () => captured().length,
  };
}
