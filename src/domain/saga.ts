/** Where an order's latest saga stands. */
export const sagaStates = ['RUNNING', 'COMPENSATING', 'NEEDS_ATTENTION', 'COMPENSATED', 'COMPLETED'] as const;

export type SagaState = (typeof sagaStates)[number];

/** The steps of each saga in their order, each with its compensation; `null` where there is nothing to compensate. */
export const sagas = {
  create: {
    reserveInventory: 'releaseInventoryIfReserved',
    /** Only where orders are reviewed. */
    reviewOrder: null,
    // An order is charged, or else its payment is authorised and captured.
    chargePayment: 'refundPaymentIfCharged',
    authorizePayment: 'voidPaymentIfAuthorized',
    capturePayment: 'refundPaymentIfCharged',
    confirmOrder: null,
    notifyCustomer: null,
  },
  /** The refund is the pivot: what comes after it is retried until it succeeds. */
  amend: {
    amendReservation: 'restoreReservation',
    /** Only where orders are reviewed, and of an amendment that takes more than a setting lets through. */
    reviewAmendment: null,
    chargeDifference: 'refundDifferenceIfCharged',
    refundDifference: null,
    releaseSurplus: null,
  },
  /** Once the goods are back in stock, their refund is retried until it succeeds. */
  return: {
    restockReturn: 'withdrawRestock',
    refundReturn: null,
  },
  /** Money that goes back without goods. */
  refund: {
    refundAmount: null,
  },
} as const;

/** What a saga does to an order. */
export type SagaKind = keyof typeof sagas;

/** A step of a saga of this kind. */
export type StepOf<Kind extends SagaKind> = { [K in Kind]: keyof (typeof sagas)[K] }[Kind];

/** The compensation of a step. */
export type CompensationOf<Step extends SagaStep> = {
  [K in SagaKind]: Step extends keyof (typeof sagas)[K] ? NonNullable<(typeof sagas)[K][Step]> : never;
}[SagaKind];

export type SagaStep = StepOf<SagaKind>;
export type Compensation = CompensationOf<SagaStep>;

/** Anything the ledger has a row for. */
export type SagaAction = SagaStep | Compensation;

/** A step or compensation of the saga that creates an order. */
export type CreateAction = StepOf<'create'> | CompensationOf<StepOf<'create'>>;

/** Steps behind the pivot of their saga: when an operator gives one up, the saga goes on without it. */
const retriableSteps: readonly SagaAction[] = ['releaseSurplus', 'refundReturn', 'refundAmount'];

const stepNames: readonly string[] = Object.values(sagas).flatMap((steps) => Object.keys(steps));
const compensations: readonly (string | null)[] = [
  ...new Set<string | null>(Object.values(sagas).flatMap((steps) => Object.values(steps))),
];

/** The name of every compensation. */
export const compensationNames: readonly string[] = compensations.filter((name) => name !== null);

/** Every step of every saga, then every compensation. */
export const sagaActions: readonly SagaAction[] = [
  ...stepNames,
  ...compensations.filter((name) => name !== null),
].filter(isSagaAction);

/** Whether `name` is a step or a compensation of a saga. */
export function isSagaAction(name: string): name is SagaAction {
  return stepNames.includes(name) || compensations.includes(name);
}

/** Whether an action compensates a step. */
export function isCompensation(action: SagaAction): action is Compensation {
  return compensations.includes(action);
}

/** Whether a step comes after the pivot of its saga, so that nothing is compensated any more. */
export function isRetriable(action: SagaAction): boolean {
  return retriableSteps.includes(action);
}

const charges: readonly SagaAction[] = ['chargePayment', 'authorizePayment', 'capturePayment', 'chargeDifference'];
const refunds: readonly SagaAction[] = [
  'refundPaymentIfCharged',
  'refundDifferenceIfCharged',
  'refundDifference',
  'refundReturn',
  'refundAmount',
];

/** Which way an action moves money, if it does. */
export function movedMoney(action: SagaAction): 'CHARGE' | 'REFUND' | undefined {
  if (charges.includes(action)) return 'CHARGE';
  return refunds.includes(action) ? 'REFUND' : undefined;
}

/**
 * How far a step or compensation has come. SKIPPED and RESOLVED are an operator's words. INTERRUPTED: a cancellation came before it
 * had ended, and its compensation is right however far it had come.
 */
export const stepStates = ['RUNNING', 'DONE', 'REFUSED', 'FAILED', 'SKIPPED', 'RESOLVED', 'INTERRUPTED'] as const;

export type StepState = (typeof stepStates)[number];

/** A row of the ledger `order_saga_steps`; times are RFC 3339. */
export interface StepRecord {
  /** Which saga of the order it belongs to; the one that created it unless given. */
  readonly saga?: string;
  readonly step: SagaAction;
  readonly state: StepState;
  readonly attempts: number;
  readonly lastError?: string;
  readonly actor?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

/** How far a saga had come when a step began, for the ledger. */
export interface SagaProgress {
  readonly steps: readonly StepRecord[];
  /** What the inventory calls the order's reservation. */
  readonly reservationId?: string | undefined;
}

/** The name of the saga that creates an order, in the ledger. */
export const CREATE_SAGA = 'create';

/** The name of one of an order's amendments, returns or refunds, in the ledger. */
export function sagaName(kind: Exclude<SagaKind, 'create'>, number: number): string {
  return `${kind}:${number}`;
}
