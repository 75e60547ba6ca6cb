/** Where an order's latest saga stands. */
export const sagaStates = ['RUNNING', 'COMPENSATING', 'NEEDS_ATTENTION', 'COMPENSATED', 'COMPLETED'] as const;

export type SagaState = (typeof sagaStates)[number];

/** The steps of `CreateOrder` in order, each with the undo that takes it back; `null` where nothing is to be taken back. */
export const sagaSteps = {
  reserveInventory: 'releaseInventoryIfReserved',
  chargePayment: 'refundPaymentIfCharged',
  confirmOrder: null,
  notifyCustomer: null,
} as const;

/** A step or undo of the saga that creates an order. */
export type CreateAction = keyof typeof sagaSteps | NonNullable<(typeof sagaSteps)[keyof typeof sagaSteps]>;

/** The steps of an amendment. What comes after the refund is carried through: the refund can't be taken back. */
const amendmentSteps = {
  amendReservation: 'restoreReservation',
  chargeDifference: 'refundDifferenceIfCharged',
  refundDifference: null,
  releaseSurplus: null,
} as const;

/** The steps of a return. Once the goods are back it is carried through. */
const returnSteps = {
  restockReturn: 'withdrawRestock',
  refundReturn: null,
} as const;

/** Steps behind the point of no return of their saga: giving one up goes on without it, and takes nothing back. */
export const carriedThrough: readonly string[] = ['releaseSurplus', 'refundReturn'] satisfies (
  | keyof typeof amendmentSteps
  | keyof typeof returnSteps
)[];

/** Every step of every saga of an order, each with its undo. */
export const allSteps = { ...sagaSteps, ...amendmentSteps, ...returnSteps } as const;

export type SagaStep = keyof typeof allSteps;
export type SagaUndo = NonNullable<(typeof allSteps)[SagaStep]>;

/** Anything the do/undo ledger has a row for. */
export type SagaAction = SagaStep | SagaUndo;

/** How far a step or undo has come. SKIPPED and RESOLVED are an operator's words. */
export const stepStates = ['RUNNING', 'DONE', 'REFUSED', 'FAILED', 'SKIPPED', 'RESOLVED'] as const;

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
}

/** The name of the saga that creates an order, in the ledger. */
export const CREATE_SAGA = 'create';

/** The name of one of an order's amendments or returns, in the ledger. */
export function sagaName(kind: 'amend' | 'return', number: number): string {
  return `${kind}:${number}`;
}

/** Whether an action takes a step back. */
export function isUndo(action: SagaAction): action is SagaUndo {
  return Object.values(allSteps).some((undo) => undo === action);
}

/** Whether `name` is a step or undo of the saga. */
export function isSagaAction(name: string): name is SagaAction {
  return Object.hasOwn(allSteps, name) || isUndo(name as SagaAction);
}
