import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type { ChargeOutcome, ChargeRequest, PaymentGateway, RefundRequest } from '../../../src/gateways/payment.ts';
import type { Decision, Network } from './network.ts';

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

/** A payment service that charges and refunds once a key, and charges nothing for an order or a key that was voided. */
export class SimulatedPayment {
  readonly #flaws: PaymentFlaws;
  readonly #charges = new Map<string, Charge>();
  /** Keys of charges that were accepted and are not decided on. */
  readonly #pending = new Set<string>();
  readonly #refunds = new Set<string>();
  readonly #voided = new Set<string>();
  #mostKeptMinor = 0;

  constructor(flaws: PaymentFlaws = {}) {
    this.#flaws = flaws;
  }

  /** Accepts a charge, to decide on it later. */
  accept(request: ChargeRequest): ChargeOutcome {
    this.#requireOpen(request);
    const known = this.#charges.get(request.idempotencyKey);
    if (known) return known.outcome;
    this.#pending.add(request.idempotencyKey);
    return pending;
  }

  /** Decides on a charge that was accepted, unless it was voided meanwhile; returns whether it has been decided on. */
  decide(request: ChargeRequest, decision: Decision): boolean {
    if (!this.#pending.delete(request.idempotencyKey) || decision === 'lost later') return false;
    this.charge(request, decision === 'refused later');
    return true;
  }

  charge(request: ChargeRequest, isRefused = false): ChargeOutcome {
    this.#requireOpen(request);
    if (this.#pending.has(request.idempotencyKey)) return pending;
    return this.#charge(request, isRefused);
  }

  #requireOpen(request: ChargeRequest): void {
    if (this.#voided.has(request.orderId) || this.#voided.has(request.idempotencyKey)) {
      throw new GatewayError('refused', 'payment', 'voided', { code: 'PAYMENT_VOIDED' });
    }
  }

  #charge(request: ChargeRequest, isRefused: boolean): ChargeOutcome {
    const known = this.#charges.get(request.idempotencyKey);
    if (known && known.request.amountMinor !== request.amountMinor) throw reused();
    if (known) return known.outcome;
    const isDeclined = isRefused || request.paymentMethod === 'tok_declined';
    const outcome: ChargeOutcome = isDeclined
      ? { outcome: 'declined', declineCode: 'CARD_DECLINED' }
      : { outcome: 'captured', paymentId: `payment-${this.#charges.size + 1}` };
    this.#charges.set(request.idempotencyKey, { outcome, request, refundedMinor: 0 });
    this.#mostKeptMinor = Math.max(this.#mostKeptMinor, this.keptMinor());
    return outcome;
  }

  findCharge(key: string): ChargeOutcome | undefined {
    return this.#charges.get(key)?.outcome ?? (this.#pending.has(key) ? pending : undefined);
  }

  /** Refunds all charges but those with the keys `except`; returns what has been refunded of the order in all. */
  voidOrder(orderId: string, except: readonly string[] = []): number {
    if (!this.#flaws.forgetsVoids) {
      this.#voided.add(orderId);
      this.#pending.clear();
    }
    for (const charge of this.#captured()) if (!except.includes(charge.request.idempotencyKey)) refundAll(charge);
    return this.refundedMinor();
  }

  /** Returns what has been refunded of the charge. */
  voidCharge(key: string): number {
    if (!this.#flaws.forgetsVoids) {
      this.#voided.add(key);
      this.#pending.delete(key);
    }
    const charge = this.#charges.get(key);
    if (charge?.outcome.outcome !== 'captured') return 0;
    refundAll(charge);
    return charge.refundedMinor;
  }

  refund({ idempotencyKey, amountMinor }: RefundRequest): void {
    if (this.#refunds.has(idempotencyKey) && !this.#flaws.ignoresRefundKeys) return;
    if (amountMinor > this.keptMinor()) {
      throw new GatewayError('refused', 'payment', 'too much', { code: 'REFUND_EXCEEDS' });
    }
    this.#refunds.add(idempotencyKey);
    let restMinor = amountMinor;
    for (const charge of this.#captured().toReversed()) {
      const shareMinor = Math.min(restMinor, restOf(charge));
      charge.refundedMinor += shareMinor;
      restMinor -= shareMinor;
    }
  }

  /** What was captured and not refunded. */
  keptMinor(): number {
    return this.#captured().reduce((sum, charge) => sum + restOf(charge), 0);
  }

  refundedMinor(): number {
    return this.#captured().reduce((sum, charge) => sum + charge.refundedMinor, 0);
  }

  /** The most that was ever kept at one moment. */
  mostKeptMinor(): number {
    return this.#mostKeptMinor;
  }

  #captured(): Charge[] {
    return [...this.#charges.values()].filter(({ outcome }) => outcome.outcome === 'captured');
  }
}

const pending: ChargeOutcome = { outcome: 'pending', paymentId: 'pending' };

/** The way to the payment service through the network; `tell` hears of each charge that was decided on later. */
export function paymentGateway(
  payment: SimulatedPayment,
  network: Network,
  tell: (idempotencyKey: string) => void,
): PaymentGateway {
  return {
    charge: (request) =>
      network.call('charge', (isRefused) => payment.charge(request, isRefused), {
        accept: () => payment.accept(request),
        decide: (decision) => {
          if (payment.decide(request, decision)) tell(request.idempotencyKey);
        },
      }),
    findCharge: (key) => network.call('findCharge', () => payment.findCharge(key)),
    voidOrder: (orderId, _currency, except) => network.call('voidOrder', () => payment.voidOrder(orderId, except)),
    voidCharge: (_orderId, key) => network.call('voidCharge', () => payment.voidCharge(key)),
    refund: (request) => network.call('refund', () => payment.refund(request)),
  };
}

function restOf({ request, refundedMinor }: Charge): number {
  return request.amountMinor - refundedMinor;
}

function refundAll(charge: Charge): void {
  charge.refundedMinor = charge.request.amountMinor;
}

function reused(): GatewayError {
  return new GatewayError('rejected', 'payment', 'the key was used for another charge', { status: 422 });
}
