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

export type SagaStep = keyof typeof sagaSteps;
export type SagaUndo = NonNullable<(typeof sagaSteps)[SagaStep]>;

/** Anything the do/undo ledger has a row for. */
export type SagaAction = SagaStep | SagaUndo;

/** How far a step or undo has come. SKIPPED and RESOLVED are an operator's words. */
export const stepStates = ['RUNNING', 'DONE', 'REFUSED', 'FAILED', 'SKIPPED', 'RESOLVED'] as const;

export type StepState = (typeof stepStates)[number];

/** A row of the ledger `order_saga_steps`; times are RFC 3339. */
export interface StepRecord {
  readonly step: SagaAction;
  readonly state: StepState;
  readonly attempts: number;
  readonly lastError?: string;
  readonly actor?: string;
  readonly startedAt?: string;
}

/** Whether an action takes a step back. */
export function isUndo(action: SagaAction): action is SagaUndo {
  return Object.values(sagaSteps).some((undo) => undo === action);
}

/** Whether `name` is a step or undo of the saga. */
export function isSagaAction(name: string): name is SagaAction {
  return Object.hasOwn(sagaSteps, name) || isUndo(name as SagaAction);
}
