import { Argument, Option, type Command } from 'commander';
import { messageStates } from '../../domain/order-message.ts';
import { notificationTypes } from '../../domain/order-notification.ts';
import type { Run } from './common-options.ts';
import {
  runMessagesListCommand,
  runMessagesRetryCommand,
  runMessagesSkipCommand,
  runNotificationsCommand,
  runNotifyCommand,
  type FailedMessageOptions,
  type MessageOptions,
} from './notifications.ts';

/** Adds the commands for what customers are told. */
export function addMessageCommands(program: Command, run: Run): void {
  program
    .command('notifications')
    .description('what the customer of an order was told, and what was not sent')
    .argument('<id>')
    .action((id: string) => run((cli) => runNotificationsCommand(cli, id)));
  program
    .command('notify')
    .description('tell the customer of an order again')
    .argument('<id>')
    .addArgument(new Argument('<type>', 'what is told').choices(notificationTypes))
    .option('--idempotency-key <key>', 'the same for a repeat of the same request')
    .action((id: string, type: string, options: { idempotencyKey?: string }) =>
      run((cli) => runNotifyCommand(cli, id, type, options)),
    );
  const messages = program.command('messages').description('messages to customers of all orders');
  messages
    .command('list')
    .description('messages that could not be sent, or others by their state')
    .addOption(new Option('--state <state>', 'FAILED unless given').choices(messageStates))
    .addOption(new Option('--type <type>', 'only these').choices(notificationTypes))
    .option('--order <id>', 'only those of this order')
    .option('--limit <n>', 'how many, at most 200')
    .action((options: MessageOptions) => run((cli) => runMessagesListCommand(cli, options)));
  const decisions = [
    ['retry', 'send messages again that failed', runMessagesRetryCommand],
    ['skip', 'drop messages that failed; they stay on record', runMessagesSkipCommand],
  ] as const;
  for (const [name, description, decide] of decisions) {
    messages
      .command(name)
      .description(description)
      .argument('[key]', 'the key of a message')
      .addOption(new Option('--type <type>', 'only these').choices(notificationTypes))
      .option('--order <id>', 'only those of this order')
      .option('--reason <text>', 'why, for the records')
      .action((key: string | undefined, options: FailedMessageOptions) => run((cli) => decide(cli, key, options)));
  }
}
