import { type Command, Option } from 'commander';
import { resolutions } from '../../domain/messages.ts';
import { runCancelCommand, runRetryCommand, runStatusCommand } from './command-order.ts';
import { collect, type Run } from './common-options.ts';
import { addressParts, runEditCommand, type EditFlags } from './edit-order.ts';
import { runNoteCommand } from './note-order.ts';
import { runDisputesCommand, type DisputeOptions } from './order-disputes.ts';
import { runRefundCommand, type RefundOptions } from './refund-payment.ts';
import { runReviewCommand } from './review-order.ts';
import { runReturnCommand, type ReturnOptions } from './return-items.ts';

/** Adds the commands that change an order. */
export function addChangeCommands(program: Command, run: Run): void {
  addOrderCommands(program, run);
  addMoneyCommands(program, run);
  addDecisionCommands(program, run);
}

function addOrderCommands(program: Command, run: Run): void {
  program
    .command('cancel')
    .description('cancel an order: stock is released and the payment refunded')
    .argument('<id>')
    .option('--reason <text>', 'why, for the records; the customer is told it')
    .action((id: string, options: { reason?: string }) => run((cli) => runCancelCommand(cli, id, options)));
  program
    .command('status')
    .description('show the status and the allowed next ones; with a STATUS, set it')
    .argument('<id>')
    .argument('[status]', 'PROCESSING, SHIPPED, DELIVERED or CANCELLED')
    .option('--reason <text>', 'why, for the records')
    .option('--carrier <name>', 'the carrier')
    .option('--tracking <number>', 'the tracking number')
    .action((id: string, status: string | undefined, options: { reason?: string }) =>
      run((cli) => runStatusCommand(cli, id, status, options)),
    );
  addEditOptions(program.command('edit'))
    .description('change who ordered it, its addresses, reference or notes, until something has been shipped')
    .argument('<id>')
    .action((id: string, flags: EditFlags) => run((cli) => runEditCommand(cli, id, flags)));
  program
    .command('note')
    .description('show the internal notes about an order; with a TEXT, add one')
    .argument('<id>')
    .argument('[text]', 'what only staff is to read')
    .action((id: string, text: string | undefined) => run((cli) => runNoteCommand(cli, id, text)));
}

/** What is left out stays, and an empty text removes what may be missing. */
function addEditOptions(command: Command): Command {
  command
    .option('--customer-name <name>', 'who ordered')
    .option('--email <address>', 'where messages about the order go; an empty text removes it, as with the others')
    .option('--phone <number>', "the customer's telephone number")
    .option('--locale <tag>', 'the language of messages, such as de-DE')
    .option('--reference <number>', "the shop's own number of the order")
    .option('--notes <text>', 'what the customer says; for colleagues there is orders note')
    .option('--no-billing', 'bill to where it is shipped to')
    .option('--idempotency-key <key>', 'the same for a repeat of the same change');
  for (const part of Object.values(addressParts)) {
    const option = part.replace('_', '-');
    command.option(`--address-${option} <text>`, 'of where it is shipped to');
    command.option(`--billing-${option} <text>`, 'of where it is billed to');
  }
  return command;
}

/** What waits for somebody to decide. */
function addDecisionCommands(program: Command, run: Run): void {
  program
    .command('retry')
    .description('pay with another payment method, or resume a saga that needs attention')
    .argument('<id>')
    .option('--payment-method <token>', 'the new payment method')
    .option('--step <name>', 'the failed step, as shown by orders saga')
    .addOption(new Option('--action <action>', 'what to do with the step').choices(resolutions).default('retry'))
    .option('--reason <text>', 'why, for the records')
    .option('--reference <text>', 'with --action resolve: what finds the money that you moved by hand')
    .action((id: string, options: { action: string }) => run((cli) => runRetryCommand(cli, id, options)));
  program
    .command('review')
    .description('show why an order is reviewed; with --approve or --reject, decide on one that waits for a person')
    .argument('<id>')
    .option('--approve', 'let it be paid and confirmed')
    .option('--reject', 'cancel it; the customer is not told why')
    .option('--reason <text>', 'why, for the records')
    .action((id: string, options: { approve?: boolean; reject?: boolean; reason?: string }) =>
      run((cli) => runReviewCommand(cli, id, options)),
    );
}

function addMoneyCommands(program: Command, run: Run): void {
  program
    .command('return')
    .description('return goods for a refund')
    .argument('<id>')
    .option('--item <ITEM_ID_OR_SKU:QTY>', 'what is returned; may be given several times', collect)
    .option('--all', 'all that was shipped and not returned yet')
    .requiredOption('--reason <text>', 'why, for the records')
    .action((id: string, options: ReturnOptions) => run((cli) => runReturnCommand(cli, id, options)));
  program
    .command('disputes')
    .description("show an order's disputes, or close one that the payment service tells no more of")
    .argument('<id>')
    .option('--close <dispute>', 'the dispute that was decided')
    .option('--outcome <outcome>', 'won: the payment stays; lost: it went back to the customer')
    .option('--reason <text>', 'why, for the records')
    .action((id: string, options: DisputeOptions) => run((cli) => runDisputesCommand(cli, id, options)));
  program
    .command('refund')
    .description('give money back without goods')
    .argument('<id>')
    .requiredOption('--amount <amount>', 'a decimal amount, never more than is left of what was captured')
    .requiredOption('--reason <text>', 'why, for the records; with --notify the customer is told it')
    .option('--notify', 'send the customer a message')
    .option('--idempotency-key <key>', 'the same for a repeat of the same refund')
    .action((id: string, options: RefundOptions) => run((cli) => runRefundCommand(cli, id, options)));
}
