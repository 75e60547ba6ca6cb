import type { Order, OrderLine } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { CommandName, Commands, PaymentSettled } from '../domain/messages.ts';

/** Temporal can't be reached or does not answer in time; nothing is known to have happened. */
export class EngineUnavailableError extends Error {
  override readonly name = 'EngineUnavailableError';
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

/** `done`: the order has reached `status`. `accepted`: the workflow has taken the command and is still at it. */
export type CommandReply =
  | { readonly outcome: 'done'; readonly status: OrderStatus }
  | { readonly outcome: 'accepted' };

/** How the API starts and commands an order's workflow. */
export interface OrderCommands {
  /**
   * Starts the saga of an accepted order; a saga that is already there is left alone. One whose outcome nobody waits for
   * (`isAwaited: false`) lets the others go first. Returns `false` when there is more to start than Temporal takes at the moment:
   * the relay starts it then. Rejects with {@link EngineUnavailableError}.
   */
  readonly start: (order: StartableOrder, options?: { readonly isAwaited: boolean }) => Promise<boolean>;
  /**
   * Sends a command as an update whose id is its `command_id`, and waits up to `waitMs` for what it came to.
   * Rejects with {@link CommandRefusedError} or {@link EngineUnavailableError}.
   */
  readonly send: <Name extends CommandName>(
    orderId: string,
    name: Name,
    command: Commands[Name],
    waitMs: number,
  ) => Promise<CommandReply>;
  /**
   * Tells the saga that the payment service has spoken of a charge; one that has ended is not told. Returns whether it was.
   * Rejects with {@link EngineUnavailableError}.
   */
  readonly tellSettled: (orderId: string, settled: PaymentSettled) => Promise<boolean>;
}

/** What a saga needs to know of an order. */
export type StartableOrder = Pick<
  Order,
  'id' | 'orderNumber' | 'customerId' | 'currency' | 'totalMinor' | 'paymentMethod'
> & {
  readonly items: readonly OrderLine[];
};
