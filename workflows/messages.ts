import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CommandName, CommandResult, Commands } from '../src/domain/messages.ts';

/** What the Web UI says of each command, which is an update and a signal of the same name. */
export const commandDescriptions: Record<CommandName, string> = {
  cancelOrder: 'Cancels the order until it is shipped: stock and money go back. {"reason", "actor", "command_id"}',
  changeStatus:
    'Moves a confirmed order on: PROCESSING, SHIPPED, DELIVERED; "items" makes it a partial shipment. ' +
    '{"status", "reason", "actor", "command_id", "carrier", "tracking_number", "items": [{"item_id", "quantity"}]}',
  retryPayment:
    'Offers another payment method after PAYMENT_FAILED. {"payment_method", "reason", "actor", "command_id"}',
  resolveStep:
    'Decides on a step that needs attention: "retry" runs it again, "skip" gives it up, "resolve" says that you did it by hand. ' +
    '{"step", "action", "reason", "actor", "command_id"}',
  amendItems:
    'Adds, sets or removes an item before anything is shipped; stock and the difference in price follow. ' +
    '{"change": "add|set|remove", "item_id", "sku", "quantity", "reason", "actor", "command_id"}',
  returnItems:
    'Takes delivered goods back and refunds them. {"items": [{"item_id", "quantity"}], "reason", "actor", "command_id"}',
};

/** Answered commands, for the API: the caller learns what came of it. */
export const commandUpdates = {
  cancelOrder: defineUpdate<CommandResult, [Commands['cancelOrder']]>('cancelOrder'),
  changeStatus: defineUpdate<CommandResult, [Commands['changeStatus']]>('changeStatus'),
  retryPayment: defineUpdate<CommandResult, [Commands['retryPayment']]>('retryPayment'),
  resolveStep: defineUpdate<CommandResult, [Commands['resolveStep']]>('resolveStep'),
  amendItems: defineUpdate<CommandResult, [Commands['amendItems']]>('amendItems'),
  returnItems: defineUpdate<CommandResult, [Commands['returnItems']]>('returnItems'),
};

/** The same commands for people in the Web UI, where a signal is at hand. */
export const commandSignals = {
  cancelOrder: defineSignal<[Commands['cancelOrder']]>('cancelOrder'),
  changeStatus: defineSignal<[Commands['changeStatus']]>('changeStatus'),
  retryPayment: defineSignal<[Commands['retryPayment']]>('retryPayment'),
  resolveStep: defineSignal<[Commands['resolveStep']]>('resolveStep'),
  amendItems: defineSignal<[Commands['amendItems']]>('amendItems'),
  returnItems: defineSignal<[Commands['returnItems']]>('returnItems'),
};
