import type { Resolution } from './messages.ts';
import type { OrderStatus } from './order-status.ts';
import type { SagaAction, SagaState } from './saga.ts';

/** The workflow type, as the Web UI shows it. */
export const RESOLVE_SAGAS = 'ResolveSagas';

/** The workflow id of a resolution. */
export function resolutionWorkflowId(resolutionId: string): string {
  return `resolve-${resolutionId}`;
}

/** What a `ResolveSagas` workflow knows; its orders are in the database. */
export interface ResolveSagasInput {
  readonly resolutionId: string;
  /** Steps that one activity decides on; a hundred unless given, a few seconds of work. */
  readonly stepsPerPage?: number;
  /** Activities of a run before it continues as a new one; two hundred unless given. Tests make them few, to see many runs. */
  readonly pagesPerRun?: number;
}

/** Which parked steps: of these orders, of this name, whose last error holds this text in whatever case, and that were parked before this moment. */
export interface ParkedFilter {
  readonly orderIds?: readonly string[] | undefined;
  readonly step?: SagaAction | undefined;
  readonly error?: string | undefined;
  readonly before?: Date | undefined;
}

/**
 * What became of an order of a resolution. DECIDED: its saga has taken the decision. UNCHANGED: it had left its parked state meanwhile,
 * or the resolution was cancelled, and was not touched. FAILED: its workflow did not take the decision.
 */
export const resolvedStates = ['WAITING', 'DECIDED', 'UNCHANGED', 'FAILED'] as const;

export type ResolvedState = (typeof resolvedStates)[number];

/** How many orders are in which state. */
export type ResolvedCounts = Readonly<Record<ResolvedState, number>>;

/** How far a resolution is. */
export const resolutionStatuses = ['RUNNING', 'COMPLETED'] as const;

/** One decision on many parked steps. */
export interface SagaResolution {
  readonly id: string;
  readonly filter: {
    readonly order_ids?: readonly string[];
    readonly step?: SagaAction;
    readonly error?: string;
    readonly before?: string;
  };
  readonly action: Resolution;
  readonly reason: string;
  readonly actor: string;
  readonly bodyHash: string;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  /** How many came to what; null until it has ended. */
  readonly finalCounts: ResolvedCounts | null;
}

/** A parked step as it was when the resolution was made. */
export interface ParkedStep {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly step: SagaAction;
  readonly parkedAt: Date;
  readonly lastError: string | null;
}

/** The parked steps of one name: how many, and what their orders come to. */
export interface ParkedGroup {
  readonly step: SagaAction;
  readonly currency: string;
  readonly orders: number;
  readonly totalMinor: number;
}

/** A step of a resolution that is to be decided on. */
export interface OpenDecision {
  readonly position: number;
  readonly orderId: string;
  readonly step: SagaAction;
  /** Whether it is parked as it was, or the decision was sent before. */
  readonly isDue: boolean;
}

/** What became of a decision, and where its order stands now. */
export interface ResolvedOrder {
  readonly position: number;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly step: SagaAction;
  readonly state: ResolvedState;
  readonly detail: string | null;
  readonly at: Date | null;
  readonly status: OrderStatus;
  readonly sagaState: SagaState;
}
