import type { Order, OrderLine } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { Command, CommandName, Commands, PaymentDisputed, PaymentSettled } from '../domain/messages.ts';

/** Temporal can't be reached or does not answer in time; nothing is known to have happened. */
export class TemporalUnavailableError extends Error {
  override readonly name = 'TemporalUnavailableError';
}

/** The workflow refused a command; `type` is one of the failure types, the message says why. */
export class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError';
  readonly type: string;
  readonly details: readonly unknown[];

  constructor(type: string, message: string, details: readonly unknown[] = []) {
    super(message);
    this.type = type;
    this.details = details;
  }
}

/** `done`: the order has reached `status`. `accepted`: the workflow is still carrying the command out. */
export type CommandReply =
  | { readonly outcome: 'done'; readonly status: OrderStatus }
  | { readonly outcome: 'accepted' };

/** How the API starts and commands an order's workflow. */
export interface OrderCommands {
  /**
   * Starts the saga of an accepted order, unless it is started already. Sagas that somebody waits for (`isAwaited`) go first.
   * Returns `false` when as many run as Temporal takes at the moment: the relay starts this one later. Rejects with {@link TemporalUnavailableError}.
   */
  readonly start: (order: StartableOrder, options?: { readonly isAwaited: boolean }) => Promise<boolean>;
  /**
   * Starts the workflow of an order that was taken in, which goes on from where the order stands, unless one runs.
   * Rejects with {@link TemporalUnavailableError}.
   */
  readonly takeOn: (orderId: string) => Promise<void>;
  /**
   * Sends a command as an update whose id is its `command_id`, and waits up to `waitMs` for what it came to.
   * Rejects with {@link CommandRefusedError} or {@link TemporalUnavailableError}.
   */
  readonly send: <Name extends CommandName>(
    orderId: string,
    name: Name,
    command: Commands[Name],
    waitMs: number,
  ) => Promise<CommandReply>;
  /**
   * Tells the saga that the payment service has settled a charge; returns `false` when the saga has ended.
   * Rejects with {@link TemporalUnavailableError}.
   */
  readonly tellSettled: (orderId: string, settled: PaymentSettled) => Promise<boolean>;
  /**
   * Tells the saga that the inventory has decided on the order's reservation; returns `false` when the saga has ended.
   * Rejects with {@link TemporalUnavailableError}.
   */
  readonly tellReserved: (orderId: string, notice: Command) => Promise<boolean>;
  /** Tells the workflow what is to be done about a dispute, or that none is open any more; the same otherwise. */
  readonly tellDisputed: (orderId: string, disputed: PaymentDisputed) => Promise<boolean>;
}

/** What the start of a saga needs of an order. */
export type StartableOrder = Pick<
  Order,
  'id' | 'orderNumber' | 'customerId' | 'currency' | 'totalMinor' | 'paymentMethod'
> & {
  readonly items: readonly OrderLine[];
} & Partial<Pick<Order, 'batchId' | 'placedByService' | 'paymentParts'>> & {
    /** The request that it was placed with, when that is not the one that starts it. */
    readonly requestId?: string | null;
  };
