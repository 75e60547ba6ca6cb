import type { FulfilmentStatus, OrderStatus } from './order-status.ts';
import type { SagaAction } from './saga.ts';

/** The workflow type, as the Web UI shows it. */
export const CREATE_ORDER = 'CreateOrder';

/** What a `CreateOrder` workflow knows of its order: enough for the saga, nothing personal. Times are milliseconds. */
export interface CreateOrderInput {
  readonly orderId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly paymentMethod: string;
  readonly lines: readonly OrderLine[];
  readonly reservationTtlMs: number;
  readonly paymentRetryWindowMs: number;
  readonly returnWindowMs: number;
  /** How long a step or undo is retried before an operator has to look. */
  readonly stepPatienceMs: number;
  /** Set when an earlier run of this workflow ended before the order did. */
  readonly takeUp?: TakeUp | undefined;
}

/** Where the projection stands when a workflow takes an order up again, and why to cancel it, if so. */
export interface TakeUp {
  readonly status: OrderStatus;
  readonly cancel?: { readonly actor: string; readonly reason: string } | undefined;
}

/** How many of what. */
export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** Who commands and why; a repeated `command_id` acts once. One flat JSON object, so that the Web UI's form can send it. */
export interface Command {
  readonly actor: string;
  readonly reason: string;
  readonly command_id: string;
}

export type CancelOrderCommand = Command;

export interface ChangeStatusCommand extends Command {
  readonly status: FulfilmentStatus;
  readonly carrier?: string | undefined;
  readonly tracking_number?: string | undefined;
}

export interface RetryPaymentCommand extends Command {
  readonly payment_method: string;
}

/** `retry` runs the parked step again; `skip` gives it up; `resolve` says that an operator did it by hand. */
export const resolutions = ['retry', 'skip', 'resolve'] as const;

export type Resolution = (typeof resolutions)[number];

export interface ResolveStepCommand extends Command {
  readonly step: SagaAction;
  readonly action: Resolution;
}

/** Every command by the name under which it is both an update and a signal. */
export interface Commands {
  readonly cancelOrder: CancelOrderCommand;
  readonly changeStatus: ChangeStatusCommand;
  readonly retryPayment: RetryPaymentCommand;
  readonly resolveStep: ResolveStepCommand;
}

export type CommandName = keyof Commands;

/** The signal by which a workflow learns that the payment service has spoken of a charge. */
export const PAYMENT_SETTLED = 'paymentSettled';

/** Which charge it has spoken of; a repeated `command_id` acts once. */
export interface PaymentSettled extends Command {
  readonly idempotency_key: string;
}

/** What a command came to. */
export interface CommandResult {
  readonly status: OrderStatus;
}
