import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type {
  Captured,
  CaptureRequest,
  ChargeOutcome,
  ChargeRequest,
  PaymentGateway,
  RefundRequest,
} from '../../../src/gateways/payment.ts';
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
  /** What was taken; nothing at first of what is authorised only. */
  takenMinor: number;
  isReleased: boolean;
  refundedMinor: number;
}

/** A payment service that charges, authorises, captures and refunds once a key, and charges nothing for an order or a key that was voided. */
export class SimulatedPayment {
  readonly #flaws: PaymentFlaws;
  readonly #charges = new Map<string, Charge>();
  /** Keys of charges that were accepted and are not decided on. */
  readonly #pending = new Set<string>();
  readonly #captures = new Map<string, Captured>();
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
  decide(request: ChargeRequest, decision: Decision, isHeld = false): boolean {
    if (!this.#pending.delete(request.idempotencyKey) || decision === 'lost later') return false;
    this.charge(request, decision === 'refused later', isHeld);
    return true;
  }

  /** With `isHeld` the money is only authorised. */
  charge(request: ChargeRequest, isRefused = false, isHeld = false): ChargeOutcome {
    this.#requireOpen(request);
    if (this.#pending.has(request.idempotencyKey)) return pending;
    return this.#charge(request, isRefused, isHeld);
  }

  #requireOpen(request: ChargeRequest): void {
    if (this.#voided.has(request.orderId) || this.#voided.has(request.idempotencyKey)) {
      throw new GatewayError('refused', 'payment', 'voided', { code: 'PAYMENT_VOIDED' });
    }
  }

  #charge(request: ChargeRequest, isRefused: boolean, isHeld: boolean): ChargeOutcome {
    const known = this.#charges.get(request.idempotencyKey);
    if (known && known.request.amountMinor !== request.amountMinor) throw reused();
    if (known) return known.outcome;
    const isDeclined = isRefused || request.paymentMethod === 'tok_declined';
    const outcome: ChargeOutcome = isDeclined
      ? { outcome: 'declined', declineCode: 'CARD_DECLINED' }
      : { outcome: isHeld ? 'authorized' : 'captured', paymentId: `payment-${this.#charges.size + 1}` };
    const takenMinor = outcome.outcome === 'captured' ? request.amountMinor : 0;
    this.#charges.set(request.idempotencyKey, { outcome, request, takenMinor, isReleased: false, refundedMinor: 0 });
    this.#mostKeptMinor = Math.max(this.#mostKeptMinor, this.keptMinor());
    return outcome;
  }

  capture({ orderId, idempotencyKey, authorizationKey, paymentId, amountMinor, isFinal }: CaptureRequest): Captured {
    const known = this.#captures.get(idempotencyKey);
    if (known) return known;
    const held = this.#charges.get(authorizationKey);
    if (!held || held.outcome.outcome !== 'authorized') throw new Error(`captured ${orderId} without an authorisation`);
    if (held.isReleased) throw new GatewayError('refused', 'payment', 'voided', { code: 'PAYMENT_VOIDED' });
    if (held.takenMinor + amountMinor > held.request.amountMinor) {
      throw new GatewayError('refused', 'payment', 'too much', { code: 'CAPTURE_EXCEEDS' });
    }
    held.takenMinor += amountMinor;
    held.isReleased = isFinal;
    const captured = { paymentId };
    this.#captures.set(idempotencyKey, captured);
    this.#mostKeptMinor = Math.max(this.#mostKeptMinor, this.keptMinor());
    return captured;
  }

  findCapture(key: string): Captured | undefined {
    return this.#captures.get(key);
  }

  /** What is authorised, not captured and not released. */
  heldMinor(): number {
    const held = [...this.#charges.values()].filter((one) => one.outcome.outcome === 'authorized' && !one.isReleased);
    return held.reduce((sum, { request, takenMinor }) => sum + request.amountMinor - takenMinor, 0);
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
    if (!charge || charge.outcome.outcome === 'declined') return 0;
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
    for (const charge of this.#captured()) {
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
    return [...this.#charges.values()].filter(({ outcome }) => outcome.outcome !== 'declined');
  }
}

const pending: ChargeOutcome = { outcome: 'pending', paymentId: 'pending' };

/** The way to the payment service through the network; `tell` hears of each charge that was decided on later. */
export function paymentGateway(
  payment: SimulatedPayment,
  network: Network,
  tell: (idempotencyKey: string) => void,
): PaymentGateway {
  const pay = (operation: 'charge' | 'authorize', request: ChargeRequest) => {
    const isHeld = operation === 'authorize';
    return network.call(operation, (isRefused) => payment.charge(request, isRefused, isHeld), {
      accept: () => payment.accept(request),
      decide: (decision) => {
        // A payment service tells by itself of money that it took, and of a decline.
        if (payment.decide(request, decision, isHeld) && !isHeld) tell(request.idempotencyKey);
      },
    });
  };
  return {
    charge: (request) => pay('charge', request),
    authorize: (request) => pay('authorize', request),
    capture: (request) => network.call('capture', () => payment.capture(request)),
    findCapture: (key) => network.call('findCapture', () => payment.findCapture(key)),
    findCharge: (key) => network.call('findCharge', () => payment.findCharge(key)),
    voidOrder: (orderId, _currency, except) => network.call('voidOrder', () => payment.voidOrder(orderId, except)),
    voidCharge: (_orderId, key) => network.call('voidCharge', () => payment.voidCharge(key)),
    refund: (request) => network.call('refund', () => payment.refund(request)),
    listMovements: () => Promise.reject(new Error('nobody compares payments here')),
  };
}

function restOf({ takenMinor, refundedMinor }: Charge): number {
  return takenMinor - refundedMinor;
}

function refundAll(charge: Charge): void {
  charge.refundedMinor = charge.takenMinor;
  charge.isReleased = true;
}

function reused(): GatewayError {
  return new GatewayError('rejected', 'payment', 'the key was used for another charge', { status: 422 });
}
