/** The workflow type, as the Web UI shows it. */
export const RECONCILE_PAYMENTS = 'ReconcilePayments';

/** The workflow id of a report. */
export function paymentReportWorkflowId(reportId: string): string {
  return `reconcile-payments-${reportId}`;
}

/** What a `ReconcilePayments` workflow knows; without a report it makes the nightly one. */
export interface ReconcilePaymentsInput {
  readonly reportId?: string | undefined;
}

/** How far a report has come. FAILED: the payment service could not be compared with, and the report is no proof of anything. */
export const paymentReportStates = ['RUNNING', 'DONE', 'FAILED'] as const;

export type PaymentReportState = (typeof paymentReportStates)[number];

/** In what the payment service and an order's books can differ. */
export const differenceKinds = [
  'MISSING_AT_PROVIDER',
  'MISSING_WITH_US',
  'AMOUNT',
  'CURRENCY',
  'STATUS',
  'REFUNDED',
  'DUPLICATED',
] as const;

export type DifferenceKind = (typeof differenceKinds)[number];

/** A difference, with what each side says, for people. */
export interface PaymentDifference {
  readonly kind: DifferenceKind;
  readonly orderId: string | null;
  readonly paymentId: string | null;
  readonly idempotencyKey: string | null;
  /** What our books say, and what the payment service says; null where it says nothing. */
  readonly ours: string | null;
  readonly theirs: string | null;
}

/** A comparison of the payment service's list with our books. */
export interface PaymentReport {
  readonly id: string;
  /** Payments that moved from this moment until before that one. */
  readonly from: Date;
  readonly to: Date;
  readonly state: PaymentReportState;
  readonly actor: string;
  /** How many payments the payment service told of, how many orders were compared, and how many were left out since something is under way. */
  readonly payments: number;
  readonly orders: number;
  readonly inFlight: number;
  readonly problem: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** What is to be done about a difference. */
export const remedies: Readonly<Record<DifferenceKind, string>> = {
  MISSING_AT_PROVIDER:
    'Look the payment up at the payment service by its key. If it was never made there, the order is not paid: collect the money, or cancel the order.',
  MISSING_WITH_US:
    'Find out which order the payment is for. If it is for none, or for a cancelled one, refund it at the payment service.',
  AMOUNT:
    'Compare both with the total of the order. Refund at the payment service what was taken too much, or collect what is missing.',
  CURRENCY: 'Refund the payment at the payment service, and charge the order in its own currency.',
  STATUS:
    'Look at the payment at the payment service. If money was taken that our books do not have, refund it there; if none was taken, collect it.',
  REFUNDED:
    'Compare the refunds of the order with those at the payment service: make there what is missing, or let it send its message of a refund again.',
  DUPLICATED: 'Refund all of them at the payment service but the one that is on record.',
};
