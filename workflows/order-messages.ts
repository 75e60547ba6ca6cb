import { defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  PAYMENT_DISPUTED,
  PAYMENT_SETTLED,
  RESERVATION_SETTLED,
  type CommandName,
  type CommandResult,
} from '../src/domain/messages.ts';
import type { CommandMessages } from './receive-commands.ts';

const cancelOrderUpdate = defineUpdate<CommandResult, [unknown]>('cancelOrder');
const changeStatusUpdate = defineUpdate<CommandResult, [unknown]>('changeStatus');
const retryPaymentUpdate = defineUpdate<CommandResult, [unknown]>('retryPayment');
const reviewOrderUpdate = defineUpdate<CommandResult, [unknown]>('reviewOrder');
const resolveStepUpdate = defineUpdate<CommandResult, [unknown]>('resolveStep');
const amendItemsUpdate = defineUpdate<CommandResult, [unknown]>('amendItems');
const returnItemsUpdate = defineUpdate<CommandResult, [unknown]>('returnItems');
const refundPaymentUpdate = defineUpdate<CommandResult, [unknown]>('refundPayment');

const cancelOrderSignal = defineSignal<[unknown]>('cancelOrder');
const changeStatusSignal = defineSignal<[unknown]>('changeStatus');
const retryPaymentSignal = defineSignal<[unknown]>('retryPayment');
const reviewOrderSignal = defineSignal<[unknown]>('reviewOrder');
const resolveStepSignal = defineSignal<[unknown]>('resolveStep');
const amendItemsSignal = defineSignal<[unknown]>('amendItems');
const returnItemsSignal = defineSignal<[unknown]>('returnItems');
const refundPaymentSignal = defineSignal<[unknown]>('refundPayment');

/** Tells that the payment service has settled a charge; it is no command, and nobody waits for an answer. */
export const paymentSettledSignal = defineSignal<[unknown]>(PAYMENT_SETTLED);

/** Tells of a dispute about the payment; it is no command either. */
export const paymentDisputedSignal = defineSignal<[unknown]>(PAYMENT_DISPUTED);

/** Tells that the inventory has decided on the order's reservation, in the same way. */
export const reservationSettledSignal = defineSignal<[unknown]>(RESERVATION_SETTLED);

/** The commands of an order, each an update and a signal with the same name. */
export const orderMessages: readonly CommandMessages<CommandName, CommandResult>[] = [
  {
    name: 'cancelOrder',
    update: cancelOrderUpdate,
    signal: cancelOrderSignal,
    description:
      'Cancels the order until it is shipped: stock is released and money refunded. {"reason", "actor", "command_id"}',
  },
  {
    name: 'changeStatus',
    update: changeStatusUpdate,
    signal: changeStatusSignal,
    description:
      'Moves a confirmed order on: PROCESSING, SHIPPED, DELIVERED; "items" makes it a partial shipment. ' +
      '{"status", "reason", "actor", "command_id", "carrier", "tracking_number", "items": [{"item_id", "quantity"}]}',
  },
  {
    name: 'retryPayment',
    update: retryPaymentUpdate,
    signal: retryPaymentSignal,
    description:
      'Offers another payment method after PAYMENT_FAILED, or several that add up to the total, in order of use. ' +
      '{"payment_method" or "payment_methods": [{"method", "amount"}], "reason", "actor", "command_id"}',
  },
  {
    name: 'reviewOrder',
    update: reviewOrderUpdate,
    signal: reviewOrderSignal,
    description:
      'Decides on an order that waits for a person to review it. {"decision": "approve|reject", "reason", "actor", "command_id"}',
  },
  {
    name: 'resolveStep',
    update: resolveStepUpdate,
    signal: resolveStepSignal,
    description:
      'Decides on a step that needs attention: "retry" runs it again, "skip" gives it up, "resolve" says that you did it by hand. ' +
      'With "resolve" of a charge or refund, "reference" finds the money. ' +
      '{"step", "action", "reason", "actor", "reference", "command_id"}',
  },
  {
    name: 'amendItems',
    update: amendItemsUpdate,
    signal: amendItemsSignal,
    description:
      'Adds, sets or removes an item, of a partly shipped order down to what has been shipped; stock and the difference in price follow. ' +
      '{"change": "add|set|remove", "item_id", "sku", "quantity", "reason", "actor", "command_id"}',
  },
  {
    name: 'returnItems',
    update: returnItemsUpdate,
    signal: returnItemsSignal,
    description:
      'Takes delivered goods back and refunds them. {"items": [{"item_id", "quantity"}], "reason", "actor", "command_id"}',
  },
  {
    name: 'refundPayment',
    update: refundPaymentUpdate,
    signal: refundPaymentSignal,
    description:
      'Gives money back without goods, never more than is left of what was captured. ' +
      '{"amount", "notify", "reason", "actor", "command_id"}',
  },
];
