import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CommandName, CommandResult, Commands } from '../src/domain/messages.ts';

/** What the Web UI says of each command, which is an update and a signal of the same name. */
export const commandDescriptions: Record<CommandName, string> = {
  cancelOrder: 'Cancels the order until it is shipped: stock and money go back. {"reason", "actor", "command_id"}',
  changeStatus:
    'Moves a confirmed order on: PROCESSING, SHIPPED, DELIVERED. {"status", "reason", "actor", "command_id", "carrier", "tracking_number"}',
  retryPayment:
    'Offers another payment method after PAYMENT_FAILED. {"payment_method", "reason", "actor", "command_id"}',
  resolveStep:
    'Decides on a step that needs attention: "retry" runs it again, "skip" gives it up, "resolve" says that you did it by hand. ' +
    '{"step", "action", "reason", "actor", "command_id"}',
};

/** Answered commands, for the API: the caller learns what came of it. */
export const commandUpdates = {
  cancelOrder: defineUpdate<CommandResult, [Commands['cancelOrder']]>('cancelOrder'),
  changeStatus: defineUpdate<CommandResult, [Commands['changeStatus']]>('changeStatus'),
  retryPayment: defineUpdate<CommandResult, [Commands['retryPayment']]>('retryPayment'),
  resolveStep: defineUpdate<CommandResult, [Commands['resolveStep']]>('resolveStep'),
};

/** The same commands for people in the Web UI, where a signal is at hand. */
export const commandSignals = {
  cancelOrder: defineSignal<[Commands['cancelOrder']]>('cancelOrder'),
  changeStatus: defineSignal<[Commands['changeStatus']]>('changeStatus'),
  retryPayment: defineSignal<[Commands['retryPayment']]>('retryPayment'),
  resolveStep: defineSignal<[Commands['resolveStep']]>('resolveStep'),
};
