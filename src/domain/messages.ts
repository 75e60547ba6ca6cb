import type { OrderLine } from './order.ts';
import type { AmendmentPlan } from './amendment.ts';
import type { OpenRefund } from './amount-refund.ts';
import type { ItemQuantity, OpenReturn } from './order-return.ts';
import type { PaymentCapture } from './payment-capture.ts';
import type { PaymentPart } from './payment-part.ts';
import type { FulfilmentStatus, OrderStatus } from './order-status.ts';
import type { ReviewDecision, ReviewTerms } from './order-review.ts';
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
  /** In order of use, when the order is paid with several methods; `paymentMethod` is the last one's then. */
  readonly paymentParts?: readonly PaymentPart[] | undefined;
  readonly lines: readonly OrderLine[];
  readonly reservationTtlMs: number;
  readonly paymentRetryWindowMs: number;
  readonly returnWindowMs: number;
  /** How long a step or compensation is retried before an operator has to look. */
  readonly stepPatienceMs: number;
  /** When the answer of a service that answers later is looked up first, should no message of the service come before. */
  readonly answerLookupMs: number;
  /** How long a backorder may be amended: an order whose goods ran out before it was confirmed. */
  readonly amendWindowMs: number;
  /** How the order is reviewed before it is paid; not at all unless given. */
  readonly review?: ReviewTerms | undefined;
  /** When the payment is captured after it was authorised; it is charged at once unless given. */
  readonly paymentCapture?: PaymentCapture | undefined;
  /** Set when an earlier run of this workflow ended before the order did. */
  readonly resume?: ResumePoint | undefined;
}

/** Where a workflow resumes an order that an earlier run has left, and why to cancel it, if so. */
export interface ResumePoint {
  readonly status: OrderStatus;
  /** Whether it was taken in from another system: it was paid there or is paid by hand, and its customer knows of it. */
  readonly isTakenIn?: boolean | undefined;
  readonly cancel?: { readonly actor: string; readonly reason: string } | undefined;
  /** Whether a part of the goods has been shipped. */
  readonly isPartlyShipped?: boolean | undefined;
  /** Keys of charges that were made by hand, which the payment service must not make as well. */
  readonly chargedByHand?: readonly string[] | undefined;
  /** Whether the customer could not be notified, and nobody has dealt with it yet. */
  readonly isNotificationFailed?: boolean | undefined;
  /** What is to be done about a dispute of the payment that is open. */
  readonly dispute?: string | undefined;
  /** Whether its goods wait for another payment method. */
  readonly isPaymentOpen?: boolean | undefined;
  /** When the order can't be returned any more, in milliseconds since the epoch; counted from now unless given. */
  readonly returnsEndMs?: number | undefined;
  /** What amendments have given back so far, in minor units. */
  readonly amendedBackMinor?: number | undefined;
  /** Returns under way, oldest first, which are completed. */
  readonly returns?: readonly OpenReturn[] | undefined;
  /** Refunds of amounts under way, oldest first, which are completed. */
  readonly refunds?: readonly OpenRefund[] | undefined;
  /** An amendment that was under way. */
  readonly amendment?: AmendmentPlan | undefined;
}

/** Who commands and why; a repeated `command_id` acts once. One flat JSON object, so that the Web UI's form can send it. */
export interface Command {
  readonly actor: string;
  readonly reason: string;
  readonly command_id: string;
}

/**
 * A command as the API sends it, which knows the caller and has checked the request. The same fields without this envelope are a
 * command from somebody who has access to Temporal.
 */
export interface ApiMessage<Input> {
  readonly from_api: Input;
}

export type CancelOrderCommand = Command;

export interface ChangeStatusCommand extends Command {
  readonly status: FulfilmentStatus;
  readonly carrier?: string | undefined;
  readonly tracking_number?: string | undefined;
  /** With SHIPPED: what this shipment holds; everything that has not been shipped yet unless given. */
  readonly items?: readonly ItemQuantity[] | undefined;
}

/**
 * What changes an order's amounts: `set` a line's quantity, `add` a line, `remove` one, or `redirect` the goods to where another tax is due.
 * The address is personal and in no command: it is on record under the command's id.
 */
export const amendments = ['add', 'set', 'remove', 'redirect'] as const;

export interface AmendItemsCommand extends Command {
  readonly change: (typeof amendments)[number];
  /** Which line to `set` or `remove`. */
  readonly item_id?: string | undefined;
  /** What to `add`; its line's id is then `item_id`, when that is given. */
  readonly sku?: string | undefined;
  readonly product_id?: string | undefined;
  /** The variant of what is added, as the shop names it. */
  readonly variant_id?: string | undefined;
  readonly quantity?: number | undefined;
  /** A decimal amount that was agreed on; the catalogue's price unless given. */
  readonly unit_price?: string | undefined;
  /** The version of the order that the caller saw, if that matters. */
  readonly expected_version?: number | undefined;
}

export interface ReturnItemsCommand extends Command {
  /** A return that is on record already. */
  readonly return_id?: string | undefined;
  /** What comes back, where it is not. */
  readonly items?: readonly ItemQuantity[] | undefined;
}

export interface RefundPaymentCommand extends Command {
  /** A refund that is on record already. */
  readonly refund_id?: string | undefined;
  /** A decimal amount of the order's currency, where it is not. */
  readonly amount?: string | undefined;
  /** Whether the customer is sent a message. */
  readonly notify?: boolean | undefined;
}

export interface RetryPaymentCommand extends Command {
  readonly payment_method?: string | undefined;
  /** Several instead, in order of use. */
  readonly payment_methods?: readonly MethodAmount[] | undefined;
}

/** A payment method, and the decimal amount of the order's currency that is paid with it. */
export interface MethodAmount {
  readonly method: string;
  readonly amount: string;
}

/** `retry` runs the parked step again; `skip` gives it up; `resolve` says that an operator did it by hand. */
export const resolutions = ['retry', 'skip', 'resolve'] as const;

export type Resolution = (typeof resolutions)[number];

export interface ResolveStepCommand extends Command {
  readonly step: SagaAction;
  readonly action: Resolution;
  /** With `resolve`: what finds the money that was moved by hand, such as the number of a bank transfer. */
  readonly reference?: string | undefined;
}

export interface ReviewOrderCommand extends Command {
  readonly decision: ReviewDecision;
}

/** Every command by the name under which it is both an update and a signal. */
export interface Commands {
  readonly cancelOrder: CancelOrderCommand;
  readonly changeStatus: ChangeStatusCommand;
  readonly retryPayment: RetryPaymentCommand;
  readonly reviewOrder: ReviewOrderCommand;
  readonly resolveStep: ResolveStepCommand;
  readonly amendItems: AmendItemsCommand;
  readonly returnItems: ReturnItemsCommand;
  readonly refundPayment: RefundPaymentCommand;
}

export type CommandName = keyof Commands;

/** A command with its name, which tells what its input is. */
export type OrderCommand = {
  readonly [Name in CommandName]: { readonly name: Name; readonly input: Commands[Name] };
}[CommandName];

/** The signal by which a workflow learns that the payment service has spoken of a charge. */
export const PAYMENT_SETTLED = 'paymentSettled';

/** Which charge it has spoken of; a repeated `command_id` acts once. */
export interface PaymentSettled extends Command {
  readonly idempotency_key: string;
}

/** The signal by which a workflow learns that a dispute about its payment was opened or decided. */
export const PAYMENT_DISPUTED = 'paymentDisputed';

/** What is to be done about the order's open dispute; null when none is open any more. */
export interface PaymentDisputed extends Command {
  readonly problem: string | null;
  /** The order's version when this was true: an older notice that comes late changes nothing. */
  readonly version: number;
}

/** The signal by which a workflow learns that the inventory has decided on its order's reservation; nothing but who says so and why. */
export const RESERVATION_SETTLED = 'reservationSettled';

/** The status that the order has once a command is carried out. */
export interface CommandResult {
  readonly status: OrderStatus;
}
