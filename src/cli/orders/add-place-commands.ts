import { InvalidArgumentError, type Command } from 'commander';
import { collect, type Run } from './common-options.ts';
import { runCreateCommand, type CreateOptions } from './create-order.ts';
import type { OrderFlags } from './order-request.ts';
import { runQuoteCommand } from './quote-order.ts';

/** Adds the commands that an order is placed with. */
export function addPlaceCommands(program: Command, run: Run): void {
  addOrderOptions(program.command('create'))
    .description('place an order from options, a file, or both; options override the file')
    .option('--idempotency-key <key>', 'a repeated request with the same key returns the same order')
    .option('--wait [seconds]', 'wait for the outcome, 60 s unless given', parseSeconds)
    .option('--no-wait', 'do not wait at all')
    .action((options: CreateOptions) => run((cli) => runCreateCommand(cli, options)));
  addOrderOptions(program.command('quote'))
    .description('what an order would come to, and what would be refused; nothing is recorded')
    .action((options: OrderFlags) => run((cli) => runQuoteCommand(cli, options)));
}

function addOrderOptions(command: Command): Command {
  return command
    .option('--file <order.json>', 'the request as JSON; - is standard input')
    .option('--customer <id>', "the customer; not needed with a customer's token")
    .option('--customer-name <name>', 'who ordered')
    .option('--email <address>', 'where messages about the order go')
    .option('--phone <number>', "the customer's telephone number")
    .option('--locale <tag>', 'the language of messages, such as de-DE')
    .option('--reference <number>', "the shop's own number of the order")
    .option('--source <name>', 'where the order comes from')
    .option('--item <SKU:QTY[:PRICE]>', 'a line; may be given several times', collect)
    .option('--currency <code>', 'such as EUR')
    .option('--payment-method <token>', 'such as tok_ok')
    .option('--name <name>', 'the recipient')
    .option('--company <name>', "the recipient's company")
    .option('--line1 <text>', 'street and number')
    .option('--line2 <text>')
    .option('--city <city>')
    .option('--region <region>')
    .option('--postal-code <code>')
    .option('--country <code>', 'such as GB')
    .option('--shipping-method <method>', 'standard or express')
    .option('--coupon <code>')
    .option('--notes <text>');
}

function parseSeconds(text: string): number {
  if (!/^\d{1,6}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Give a number of seconds.');
  return Number(text);
}
