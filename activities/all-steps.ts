import { cancellationSignal } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { takenOrHeld } from '../src/domain/captured-charge.ts';
import { awaitedUntilOf, failureTypes, isRefusal, retryAfterOf } from '../src/domain/failures.ts';
import type { ReviewOutcome } from '../src/domain/order-review.ts';
import type { PaymentCapture } from '../src/domain/payment-capture.ts';
import type { OrderLine } from '../src/domain/order.ts';
import type { StepOf, StepRecord } from '../src/domain/saga.ts';
import type { StepReport } from '../src/domain/step-report.ts';
import type { PaymentMade, PaymentRequest } from '../src/domain/payment-part.ts';
import type { Reservation } from '../src/gateways/inventory.ts';
import type { ReviewInput } from '../src/orders/review-order.ts';
import type { confirmationActivities } from './confirmation.ts';
import { toActivityFailure } from './failures.ts';
import type { inventoryActivities } from './inventory.ts';
import type { notificationActivities, NotifyInput } from './notification.ts';
import type { authorisationActivities } from './authorisation.ts';
import type { paymentActivities } from './payment.ts';
import type { reviewActivities } from './review.ts';
import type { InSaga } from './step-activity.ts';

/** Input of {@link allStepsActivities}' `tryAllSteps`: what every step of creating an order needs. */
export interface AllStepsInput {
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
  readonly ttlMs: number;
  readonly paymentMethod: string;
  /** Given when the order is reviewed. */
  readonly review?: ReviewInput | undefined;
  /** `undefined` when there is nothing to charge. */
  readonly charge: PaymentRequest | undefined;
  /** Whether it is authorised and captured instead. */
  readonly paymentCapture?: PaymentCapture | undefined;
  readonly notification: NotifyInput;
  /** Whether the workflow was reset, so that the steps may have been made. */
  readonly isRepeated?: boolean;
}

/** A payment, and what its step is told with it. */
type Payment = PaymentRequest & InSaga;

/** How far `tryAllSteps` came: the steps that it began, in their order. */
export interface AllStepsReport {
  reserveInventory?: StepReport<Reservation>;
  reviewOrder?: StepReport<ReviewOutcome>;
  chargePayment?: StepReport<PaymentMade>;
  authorizePayment?: StepReport<PaymentMade>;
  capturePayment?: StepReport<PaymentMade>;
  confirmOrder?: StepReport<Awaited<ReturnType<Steps['confirmOrder']>>>;
  notifyCustomer?: StepReport<void>;
}

type Steps = Pick<
  ReturnType<typeof inventoryActivities> &
    ReturnType<typeof reviewActivities> &
    ReturnType<typeof paymentActivities> &
    ReturnType<typeof authorisationActivities> &
    ReturnType<typeof confirmationActivities> &
    ReturnType<typeof notificationActivities>,
  StepOf<'create'>
>;

/** A step that begins later is left to the workflow. It leaves the last one its service's limit of 1.5 s and its writes. */
const LATEST_BEGIN_MS = 2_000;

/** Creating an order in one go. `now` tells the time in milliseconds. */
export function allStepsActivities(steps: Steps, now: () => number) {
  return {
    /**
     * Makes one attempt at each step of creating an order, in their order, up to the first one that doesn't succeed, and reports
     * what each came to. It never fails because a step does. Keys, ledger and refusals are those of the steps.
     */
    tryAllSteps: async (input: AllStepsInput): Promise<AllStepsReport> => {
      const { orderId, lines, ttlMs, review, charge, paymentMethod } = input;
      const attempt = new Attempt(now);
      const report: AllStepsReport = {};

      report.reserveInventory = await attempt.try('reserveInventory', () =>
        steps.reserveInventory({ orderId, lines, ttlMs, progress: { steps: [] } }),
      );
      const reservationId = attempt.outputOf(report.reserveInventory)?.id;
      if (reservationId === undefined) return report;

      if (review) {
        if (attempt.isOver()) return report;
        const progress = { steps: attempt.done(), reservationId };
        report.reviewOrder = await attempt.try('reviewOrder', () => steps.reviewOrder({ ...review, progress }));
        if (attempt.outputOf(report.reviewOrder)?.verdict !== 'approve') return report;
      }

      if (charge) {
        if (attempt.isOver()) return report;
        const payment = { ...charge, isRepeated: input.isRepeated === true };
        await (input.paymentCapture ? hold : take)(payment, reservationId, attempt, report);
        if (input.paymentCapture === 'confirm') await capture(payment, reservationId, attempt, report);
      }
      const isHeld = input.paymentCapture === 'shipment';
      const paying = isHeld ? report.authorizePayment : (report.chargePayment ?? report.capturePayment);
      const charged = paying && attempt.outputOf(paying);
      if ((charge && !charged?.paymentId) || attempt.isOver()) return report;

      report.confirmOrder = await attempt.try('confirmOrder', () => {
        const done = { steps: attempt.done(), reservationId };
        const charges = charge && charged ? takenOrHeld(charge, charged, input.paymentCapture) : [];
        return steps.confirmOrder({ orderId, ...done, paymentMethod, charges, progress: done });
      });
      const status = attempt.outputOf(report.confirmOrder)?.status;
      if (status !== 'CONFIRMED' || attempt.isOver()) return report;

      report.notifyCustomer = await attempt.try('notifyCustomer', () => steps.notifyCustomer(input.notification));
      return report;
    },
  };

  async function take(charge: Payment, reservationId: string, attempt: Attempt, report: AllStepsReport) {
    const progress = { steps: attempt.done(), reservationId };
    report.chargePayment = await attempt.try('chargePayment', () => steps.chargePayment({ ...charge, progress }));
  }

  async function hold(charge: Payment, reservationId: string, attempt: Attempt, report: AllStepsReport) {
    const progress = { steps: attempt.done(), reservationId };
    report.authorizePayment = await attempt.try('authorizePayment', () =>
      steps.authorizePayment({ ...charge, progress }),
    );
  }

  async function capture(charge: Payment, reservationId: string, attempt: Attempt, report: AllStepsReport) {
    const held = report.authorizePayment && attempt.outputOf(report.authorizePayment);
    if (held?.paymentId === undefined || attempt.isOver()) return;
    const { paymentId, partIds } = held;
    const progress = { steps: attempt.done(), reservationId };
    report.capturePayment = await attempt.try('capturePayment', () =>
      steps.capturePayment({ ...charge, paymentId, ...(partIds && { partIds }), progress }),
    );
  }
}

/** One attempt at all steps. */
class Attempt {
  readonly #now: () => number;
  readonly #beganMs: number;
  readonly #done: StepRecord[] = [];

  constructor(now: () => number) {
    this.#now = now;
    this.#beganMs = now();
  }

  /** Whether no further step may begin: the attempt was cancelled, or has taken too long. */
  isOver(): boolean {
    return cancellationSignal().aborted || this.#now() - this.#beganMs > LATEST_BEGIN_MS;
  }

  /** What has succeeded so far, for the ledger. */
  done(): StepRecord[] {
    return [...this.#done];
  }

  async try<Output>(step: StepOf<'create'>, run: () => Promise<Output>): Promise<StepReport<Output>> {
    const startedAt = this.#time();
    try {
      const output = await run();
      const endedAt = this.#time();
      this.#done.push({ step, state: 'DONE', attempts: 1, startedAt, endedAt });
      return { state: 'DONE', output, startedAt, endedAt };
    } catch (error) {
      return { ...describeFailure(toActivityFailure(error)), startedAt, endedAt: this.#time() };
    }
  }

  outputOf<Output>(report: StepReport<Output>): Output | undefined {
    return report.state === 'DONE' ? report.output : undefined;
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}

function describeFailure({ type, message, details }: ApplicationFailure) {
  if (type === failureTypes.awaitingAnswer) {
    const until = awaitedUntilOf(details);
    return { state: 'AWAITED', ...(until !== undefined && { until }) } as const;
  }
  if (!isRefusal(type)) {
    const retryAfterMs = retryAfterOf(details);
    return { state: 'FAILED', ...(retryAfterMs > 0 && { retryAfterMs }) } as const;
  }
  return { state: 'REFUSED', type: type ?? undefined, message, details: details ?? [] } as const;
}
